"""Writes the schemas of CRDs as kubeconform reads them, KIND-GROUP-VERSION.json, refusing what they do not name: a
server would drop that in silence.

    schemas.py FOLDER crds CRD…
    schemas.py FOLDER kubernetes SCHEMAS MANIFESTS…   of Kubernetes' own kinds those that manifests have, each in one file
"""

import json
import re
import sys
from pathlib import Path

import yaml


REFERENCE = re.compile(r'"(?:/api/_definitions\.json)?#/\$defs/([\w.-]+)')


def closed(schema):
    """The schema, refusing fields that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: closed(value) for key, value in schema.items()}
    is_open = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object" and not is_open:
        schema["additionalProperties"] = False
    return schema


def of_crds(folder, files):
    for file in files:
        crd = yaml.safe_load(Path(file).read_text())["spec"]
        for version in crd["versions"]:
            schema = closed(version["schema"]["openAPIV3Schema"])
            # metadata is the API server's own; a CRD leaves it open
            schema["properties"]["metadata"] = {"type": "object"}
            name = f"{crd['names']['kind']}-{crd['group'].split('.')[0]}-{version['name']}.json".lower()
            Path(folder, name).write_text(json.dumps(schema))


def needed(schema, definitions, found):
    """The definitions that a schema refers to, and those that they do."""
    for name in REFERENCE.findall(json.dumps(schema)):
        if name not in found:
            found[name] = definitions[name]
            needed(definitions[name], definitions, found)
    return found


def of_kubernetes(folder, schemas, *manifests):
    definitions = json.loads(Path(schemas, "_definitions.json").read_text())["$defs"]
    kinds = set()
    for file in manifests:
        for manifest in yaml.safe_load_all(Path(file).read_text()):
            group, _, version = manifest["apiVersion"].rpartition("/")
            kinds.add("-".join(filter(None, [manifest["kind"], group.split(".")[0], version])).lower())
    for kind in kinds:
        source = Path(schemas, f"{kind}.json")
        if source.exists():
            schema = json.loads(source.read_text())
            for key in ("$id", "$schema"):  # kubeconform reads draft 4, and would look for it elsewhere
                schema.pop(key, None)
            whole = {**schema, "$defs": needed(schema, definitions, {})}
            Path(folder, f"{kind}.json").write_text(json.dumps(whole).replace("/api/_definitions.json#", "#"))


if __name__ == "__main__":
    {"crds": lambda folder, *files: of_crds(folder, files), "kubernetes": of_kubernetes}[sys.argv[2]](
        sys.argv[1], *sys.argv[3:]
    )
