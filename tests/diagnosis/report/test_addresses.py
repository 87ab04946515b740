"""Addresses go, versions stay: four numbers are not always an address."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.report.redaction import LogRedactor, redact

VERSIONS = """\
Chrome/119.0.0.0 Safari/537.36
Mozilla/5.0 Chrome/119.0.3.1 Edg/120.0.22.91
rails 7.0.4.1
gem nokogiri 1.16.2.1 loaded
Using nokogiri 1.16.2.1
nokogiri (1.16.2.1)
/app/vendor/bundle/ruby/3.2.0/gems/actionpack-7.0.8.1/lib/action_controller/metal.rb:227
PostgreSQL 14.1.2.3
openssl 1.1.1.1
AssemblyVersion=1.0.3.1
"version":"1.2.3.4"
version: 1.2.3.4
v2.7.18.1
rails >= 7.0.4.1
~> 7.0.4.1
heroku-24.1.2.3.4.5
300.1.2.3
amd64~~6.1.1.2
SafeStartup@0.0.0.0:62267
network 10.0.0.0/8
listening on 127.0.0.1:5000 and 0.0.0.0:5000
at 12:34:56 Foo::Bar::Baz"""
ADDRESSES = """\
client 198.51.100.7 left
fwd="198.51.100.7,10.1.2.3"
http://198.51.100.7/x
peer=198.51.100.7:8080
(198.51.100.7)
{"ip":"198.51.100.7"}
GET /geo/198.51.100.7 200
tcp/198.51.100.7
from/198.51.100.7
ip-198-51-100-7.ec2.internal
%5B2001%3Adb8%3A%3A198%3A51%5D
jane.51.100.doe@example.com
{"email":"jane51.100@exam
jane51.100%40example.com
jäne51.100@example.com"""


@pytest.mark.parametrize("line", VERSIONS.splitlines())
def test_a_version_stays(line: str) -> None:
    assert redact(line) == LogRedactor()(line) == line


@pytest.mark.parametrize("line", ADDRESSES.splitlines())
def test_an_address_goes_in_every_form(line: str) -> None:
    for clean in (redact, LogRedactor()):
        once = clean(line)
        assert not [part for part in ("51.100", "51-100", "198%3A51", "jane", "jäne") if part in once]
        assert clean(once) == once
