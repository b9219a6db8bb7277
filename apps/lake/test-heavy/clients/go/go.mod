module tributary/sdk

go 1.24

require (
	github.com/aws/aws-sdk-go-v2 v1.37.0
	github.com/aws/aws-sdk-go-v2/credentials v1.18.0
	github.com/aws/aws-sdk-go-v2/service/cloudtrail v1.50.0
	github.com/aws/aws-sdk-go-v2/service/cloudtraildata v1.12.0
	github.com/aws/smithy-go v1.22.5
)

require (
	github.com/aws/aws-sdk-go-v2/internal/configsources v1.4.0 // indirect
	github.com/aws/aws-sdk-go-v2/internal/endpoints/v2 v2.7.0 // indirect
)
