"""What schemas cannot say of manifests: that they fit together, name images by digest, have an end, and ask for no more
than they need. Each file is what kustomize builds of an overlay.

    manifests.py MANIFESTS…
"""

import re
import sys
from pathlib import Path

import yaml

JAR = "local:///opt/stockpot/merge-job.jar"
IMAGE = re.compile(r"[a-z0-9./:-]+@sha256:[0-9a-f]{64}")


def application(manifest):
    """The specification of the Spark application in a manifest."""
    return manifest["spec"]["template"] if manifest["kind"].startswith("Scheduled") else manifest["spec"]


def problems_of_application(spec, names):
    if spec["mainApplicationFile"] != JAR:
        yield f"mainApplicationFile is not {JAR}, where the image has it"
    if not IMAGE.fullmatch(spec["image"]):
        yield f"image {spec['image']} is not named by its digest"
    if not spec.get("timeToLiveSeconds"):
        yield "timeToLiveSeconds is missing: what ended would stay for ever"
    for role in ("driver", "executor"):
        pod = spec[role]
        if pod.get("serviceAccount") not in names["ServiceAccount"]:
            yield f"{role}.serviceAccount {pod.get('serviceAccount')} is none of {names['ServiceAccount']}"
        if pod.get("priorityClassName") not in names["PriorityClass"]:
            yield f"{role}.priorityClassName {pod.get('priorityClassName')} is none of {names['PriorityClass']}"
        context = pod.get("securityContext", {})
        if context.get("runAsNonRoot") is not True or context.get("allowPrivilegeEscalation") is not False:
            yield f"{role}.securityContext allows root"
        if context.get("capabilities", {}).get("drop") != ["ALL"]:
            yield f"{role}.securityContext keeps capabilities"
    for key in spec["sparkConf"]:
        if "secret" in key or "access.key" in key:
            yield f"sparkConf.{key}: no credentials in manifests"


def problems_of_monitor(monitor, applications):
    wanted = dict(monitor["spec"]["selector"]["matchLabels"])
    if wanted.pop("spark-role", None) != "driver":
        yield "selector takes other pods than drivers"
    for spec in applications:
        if not wanted.items() <= spec["driver"].get("labels", {}).items():
            yield f"selector {wanted} does not take the driver, whose labels are {spec['driver'].get('labels')}"


def problems_of_values(values, spec):
    """Whether what an overlay says is what was built."""
    found = {
        "image": spec["image"],
        "recipe": spec["arguments"][1],
        "output": spec["arguments"][2],
        "region": spec["sparkConf"]["spark.hadoop.fs.s3a.endpoint.region"],
    }
    for key, value in found.items():
        if values[key] != value:
            yield f"{key} is {value}, and the overlay's values say {values[key]}"


def problems_of_role(role):
    for rule in role["rules"]:
        if "*" in [*rule["apiGroups"], *rule["resources"], *rule["verbs"]] or "secrets" in rule["resources"]:
            yield f"a rule is too wide: {rule}"


def problems(manifests, values):
    names = {
        kind: [manifest["metadata"]["name"] for manifest in manifests if manifest["kind"] == kind]
        for kind in ("ServiceAccount", "PriorityClass")
    }
    applications = [application(m) for m in manifests if m["kind"].endswith("SparkApplication")]
    if not applications:
        yield "no SparkApplication"
    for manifest in manifests:
        if manifest["kind"].endswith("SparkApplication"):
            found = [
                *problems_of_application(application(manifest), names),
                *problems_of_values(values, application(manifest)),
            ]
        elif manifest["kind"] == "PodMonitor":
            found = problems_of_monitor(manifest, applications)
        elif manifest["kind"] == "Role":
            found = problems_of_role(manifest)
        elif manifest["kind"] == "ServiceAccount":
            role = manifest["metadata"]["annotations"]["eks.amazonaws.com/role-arn"]
            found = [f"role is {role}, and the overlay's values say {values['role']}"] if role != values["role"] else []
        else:
            continue
        yield from (f"{manifest['kind']}: {problem}" for problem in found)


def main(files):
    count, found = 0, []
    for file in map(Path, files):
        manifests = list(yaml.safe_load_all(file.read_text()))
        overlay = Path(__file__).parent.parent / "kubernetes/overlays" / file.stem
        values = yaml.safe_load((overlay / "values.yaml").read_text())
        found += [f"{file.stem}: {problem}" for problem in problems(manifests, values["data"])]
        count += len(manifests)
    print("\n".join(found) or f"{count} manifests of {len(files)} overlays fit together")
    return bool(found) or not count


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
