"""Cut Heroku's published API schema down to its structure: what a reply must hold, and which calls exist.

`python tests/schema/extract.py FOLDER` reads `heroku-schema-3.json` and `heroku-schema-3.sdk.json` there and
rewrites `schema.json` beside this file. Source: heroku/platform-api (MIT) and heroku/typescript-api-schema (MIT).
Texts and examples are left out; `strictProperties`, an extension no validator knows, becomes `required` and
`additionalProperties: false`.
"""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

HERE = Path(__file__).parent
SOURCE = "the structure of heroku/platform-api (3) and heroku/typescript-api-schema (3.sdk), both under the MIT License"
VARIANTS = {"3": "heroku-schema-3.json", "3.sdk": "heroku-schema-3.sdk.json"}
KEPT_KEYS = ("type", "pattern", "format", "enum", "anyOf", "oneOf", "allOf")

# What the sandbox answers and what the client reads; a name may point inside a definition.
WANTED = (
    "account",
    "account-feature",
    "add-on",
    "add-on-attachment",
    "app",
    "app-feature",
    "buildpack-installation",
    "collaborator",
    "config-var/definitions/config_vars",
    "domain",
    "dyno",
    "dyno-processes",
    "dyno-size",
    "formation",
    "log-drain",
    "log-session",
    "oauth-authorization",
    "pipeline",
    "pipeline-coupling",
    "rate-limit",
    "release",
    "sni-endpoint",
    "space",
    "team",
    "team-app",
    "telemetry-drain",
)


def structure(node: Any, schema: dict[str, Any]) -> Any:
    """The node with every reference followed and only what a validator needs."""
    if isinstance(node, list):
        return [structure(item, schema) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return structure(pointed_at(node["$ref"], schema), schema)
    kept = {key: structure(node[key], schema) for key in KEPT_KEYS if key in node}
    for key in ("properties", "patternProperties"):
        if key in node:
            kept[key] = {name: structure(value, schema) for name, value in node[key].items()}
    for key in ("items", "additionalProperties"):
        if key in node:
            kept[key] = structure(node[key], schema)
    if node.get("strictProperties") is True and "properties" in node:
        kept["required"] = sorted(node["properties"])
        kept["additionalProperties"] = False
    return kept


def pointed_at(reference: str, schema: dict[str, Any]) -> Any:
    node: Any = schema
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


def calls(schema: dict[str, Any]) -> dict[str, str]:
    """ "GET /apps/{}/dynos" -> "[dyno]" (a list), "dyno", or "{}" for an empty object; only what WANTED covers."""
    found = {}
    for definition in schema["definitions"].values():
        for link in definition.get("links", ()):
            path = re.sub(r"\{[^}]*\}", "{}", unquote(link["href"]))
            reply = named(link.get("targetSchema", {}))
            if reply.strip("[]") in (*WANTED, "{}"):
                found[f"{link['method'].upper()} {path}"] = reply
    return dict(sorted(found.items()))


def named(target: dict[str, Any]) -> str:
    if "items" in target:
        return f"[{named(target['items'])}]"
    if target.get("additionalProperties") is False:
        return "{}"
    return str(target.get("$ref", "")).removeprefix("#/definitions/")


def extract(folder: Path) -> dict[str, Any]:
    """Per variant: the file's SHA-256, the structures, the calls."""
    variants: dict[str, Any] = {"source": SOURCE}
    for variant, name in VARIANTS.items():
        raw = (folder / name).read_bytes()
        schema = json.loads(raw)
        definitions = {
            wanted: structure({"$ref": f"#/definitions/{wanted}"}, schema)
            for wanted in WANTED
            if wanted.split("/")[0] in schema["definitions"]
        }
        variants[variant] = {
            "sha256": hashlib.sha256(raw).hexdigest(),
            "definitions": definitions,
            "calls": calls(schema),
        }
    return variants


def text_of(variants: dict[str, Any]) -> str:
    return json.dumps(variants, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    (HERE / "schema.json").write_text(text_of(extract(Path(sys.argv[1]))), encoding="utf-8")
