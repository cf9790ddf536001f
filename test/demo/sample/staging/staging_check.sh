#!/bin/sh
# Looks at what the staging host of the sample shop serves, and leaves a JUnit report in staging.xml.
tests=0 failed=0 cases=''

check() {
  name=$1
  shift
  tests=$((tests + 1))
  if "$@"; then
    echo "ok      $name"
    cases="$cases<testcase classname=\"shop on staging\" name=\"$name\"/>"
  else
    failed=$((failed + 1))
    echo "not ok  $name"
    cases="$cases<testcase classname=\"shop on staging\" name=\"$name\"><failure message=\"$name: not so\"/></testcase>"
  fi
}

two_decimals() { ! grep -vqE '^[a-z]+ [0-9]+\.[0-9][0-9]$' prices.txt; }
no_twins() { [ -z "$(cut -d ' ' -f 1 prices.txt | sort | uniq -d)" ]; }

echo "checking the shop in $(pwd)"
check 'the price list is there' test -s prices.txt
check 'every price has two decimals' two_decimals
check 'no article is listed twice' no_twins
printf '<testsuites><testsuite name="shop on staging" tests="%d" failures="%d" errors="0" skipped="0">%s</testsuite></testsuites>\n' \
  "$tests" "$failed" "$cases" >staging.xml
echo "$tests checks, $failed failed"
[ "$failed" -eq 0 ]
