#!/usr/bin/env bash
# Installs what the heavier suites need beyond Node: the AWS CLI, boto3, delta-rs, moto and the client of Elasticsearch (into .ci/.venv),
# strace, faketime, PostgreSQL, rsyslog, syslog-ng and logrotate. What cannot be installed is told, and the suites skip what needs it.
set -uo pipefail
cd "$(dirname "$0")/../.."
log=$(mktemp)
quietly() { "$@" > "$log" 2>&1 || tail "$log"; }

if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  packages=()
  command -v strace > /dev/null || packages+=(strace)
  command -v faketime > /dev/null || packages+=(faketime)
  [ -d /usr/lib/postgresql ] || packages+=(postgresql)
  command -v rsyslogd > /dev/null || packages+=(rsyslog rsyslog-gnutls rsyslog-elasticsearch)
  [ -x /usr/sbin/logrotate ] || packages+=(logrotate)
  if [ "${#packages[@]}" -gt 0 ] || [ ! -x .ci/.syslog-ng/usr/sbin/syslog-ng ]; then quietly apt-get update; fi
  # One by one: what one source lacks does not keep the others away.
  for package in "${packages[@]}"; do quietly apt-get install -y --no-install-recommends "$package"; done
  # syslog-ng cannot be installed beside rsyslog: its packages are unpacked.
  unpack() {
    mkdir -p .ci/.syslog-ng/debs && cd .ci/.syslog-ng/debs || return
    apt-get download syslog-ng-core syslog-ng-mod-http libivykis0 libnet1 libwrap0 libjson-c5 libpcre3 || return
    for deb in *.deb; do dpkg -x "$deb" .. || return; done
  }
  [ -x .ci/.syslog-ng/usr/sbin/syslog-ng ] || (quietly unpack)
fi
if command -v python3 > /dev/null; then
  [ -x .ci/.venv/bin/pip ] || quietly python3 -m venv .ci/.venv
  .ci/.venv/bin/python3 -c 'import awscli, boto3, deltalake, pyarrow, moto, elasticsearch' 2> /dev/null ||
    quietly .ci/.venv/bin/pip install --quiet --disable-pip-version-check \
      awscli==1.45.11 boto3==1.43.11 deltalake==1.6.6 pyarrow==26.0.1 'moto[server]==5.2.5' elasticsearch==9.4.1
fi
rm -f "$log"
