"""Checks the manifests: Kubernetes' own kinds by Kubernetes' schemas, those of the Spark operator by its CRDs, strictly:
what a server would drop in silence is an error here. And that they fit together and ask for no more than they need.

    manifests.py FOLDER_OF_CRDS MANIFEST…
"""

import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

KUBERNETES = "1.37"
JAR = "local:///opt/stockpot/merge-job.jar"


def crd_schemas(folder):
    schemas = {}
    for file in Path(folder).glob("*.yaml"):
        crd = yaml.safe_load(file.read_text())
        for version in crd["spec"]["versions"]:
            key = f"{crd['spec']['group']}/{version['name']}", crd["spec"]["names"]["kind"]
            schemas[key] = closed(version["schema"]["openAPIV3Schema"])
    return schemas


def closed(schema):
    """The schema, refusing fields that it does not name; a CRD drops them."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: closed(value) for key, value in schema.items()}
    is_open = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object" and not is_open:
        schema["additionalProperties"] = False
    return schema


def problems_of_kind(manifest, schemas):
    schema = schemas.get((manifest["apiVersion"], manifest["kind"]))
    if schema is None:
        try:
            kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
        except kubernetes_validate.ValidationError as e:
            yield f"{'.'.join(map(str, e.path))}: {e.message}"
        return
    # metadata is the API server's own; a CRD leaves it open
    for error in jsonschema.Draft202012Validator(opened_metadata(schema)).iter_errors(manifest):
        yield f"{'.'.join(map(str, error.absolute_path))}: {error.message[:300]}"


def opened_metadata(schema):
    return {**schema, "properties": {**schema["properties"], "metadata": {"type": "object"}}}


def application(manifest):
    """The specification of the Spark application in a manifest."""
    return manifest["spec"]["template"] if manifest["kind"].startswith("Scheduled") else manifest["spec"]


def problems_of_application(spec, accounts):
    if spec["mainApplicationFile"] != JAR:
        yield f"mainApplicationFile is not {JAR}, where the image has it"
    for role in ("driver", "executor"):
        pod = spec[role]
        if pod.get("serviceAccount") not in accounts:
            yield f"{role}.serviceAccount {pod.get('serviceAccount')} is none of {accounts}"
        context = pod.get("securityContext", {})
        if context.get("runAsNonRoot") is not True or context.get("allowPrivilegeEscalation") is not False:
            yield f"{role}.securityContext allows root"
        if context.get("capabilities", {}).get("drop") != ["ALL"]:
            yield f"{role}.securityContext keeps capabilities"
    for key in spec["sparkConf"]:
        if "secret" in key or "access.key" in key:
            yield f"sparkConf.{key}: no credentials in manifests"


def problems_of_role(role):
    for rule in role["rules"]:
        if "*" in [*rule["apiGroups"], *rule["resources"], *rule["verbs"]] or "secrets" in rule["resources"]:
            yield f"a rule is too wide: {rule}"


def main(crds, files):
    schemas = crd_schemas(crds)
    manifests = [(file, m) for file in files for m in yaml.safe_load_all(Path(file).read_text())]
    accounts = [m["metadata"]["name"] for _, m in manifests if m["kind"] == "ServiceAccount"]
    problems = []
    for file, manifest in manifests:
        found = list(problems_of_kind(manifest, schemas))
        if "spark" in manifest["apiVersion"]:
            found += problems_of_application(application(manifest), accounts)
        if manifest["kind"] == "Role":
            found += problems_of_role(manifest)
        problems += [f"{file}, {manifest['kind']}: {problem}" for problem in found]
    print("\n".join(problems) or f"{len(manifests)} manifests are valid")
    return bool(problems) or not manifests


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
