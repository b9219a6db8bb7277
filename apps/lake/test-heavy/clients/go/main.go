// Calls the AWS SDK for Go as told: a line of JSON {service, operation, input, credentials} in, a line {output} or {error} out.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata"
	"github.com/aws/smithy-go"
)

type call struct {
	Service     string
	Operation   string
	Input       json.RawMessage
	Credentials struct{ AccessKeyID, SecretAccessKey string }
}

type failure struct {
	Class   string `json:"class"`
	Code    string `json:"code"`
	Status  int    `json:"status"`
	Message string `json:"message"`
}

type answer struct {
	Output any      `json:"output,omitempty"`
	Error  *failure `json:"error,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var asked call
		if err := json.Unmarshal(line, &asked); err != nil {
			panic(err)
		}
		text, err := json.Marshal(perform(asked))
		if err != nil {
			panic(err)
		}
		fmt.Println(string(text))
	}
}

func perform(asked call) answer {
	config := aws.Config{
		Region:           "us-east-1",
		BaseEndpoint:     aws.String(os.Getenv("AWS_ENDPOINT_URL")),
		Credentials:      credentials.NewStaticCredentialsProvider(asked.Credentials.AccessKeyID, asked.Credentials.SecretAccessKey, ""),
		RetryMaxAttempts: 1,
	}
	var client reflect.Value
	if asked.Service == "cloudtrail-data" {
		client = reflect.ValueOf(cloudtraildata.NewFromConfig(config))
	} else {
		client = reflect.ValueOf(cloudtrail.NewFromConfig(config))
	}
	method := client.MethodByName(asked.Operation)
	input := reflect.New(method.Type().In(1).Elem())
	if err := json.Unmarshal(asked.Input, input.Interface()); err != nil {
		panic(err)
	}
	results := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), input})
	if err, failed := results[1].Interface().(error); failed {
		return answer{Error: describe(err)}
	}
	return answer{Output: results[0].Interface()}
}

// The class is the type in the SDK's package of modelled errors, or GenericAPIError for what the model does not name.
func describe(err error) *failure {
	described := failure{Class: "none", Message: err.Error()}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		of := reflect.TypeOf(cause)
		if of.Kind() == reflect.Pointer && strings.HasSuffix(of.Elem().PkgPath(), "/types") {
			described.Class = of.Elem().Name()
		}
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		described.Code = api.ErrorCode()
		described.Message = api.ErrorMessage()
		if described.Class == "none" {
			described.Class = "GenericAPIError"
		}
	}
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		described.Status = response.HTTPStatusCode()
	}
	return &described
}
