"""Writes the bill of materials of an archive: of what Maven knows of our dependencies that which lies in it, and its
Java.

    sbom.py SBOM_OF_MAVEN ARCHIVE POM OUTPUT

Fails if a jar of the archive is not in it, or CycloneDX's own schema refuses it. POM says which parts are in
merge-job.jar.
"""

import json
import re
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def shaded(pom):
    """What merge-job.jar holds, as `group:name`."""
    text = Path(pom).read_text()
    return set(re.findall(r"<include>([^<]+)</include>", text[text.index("maven-shade-plugin") :]))


def names_of(component):
    """How Maven calls a component's jar, with a classifier or without."""
    name = f"{component['name']}-{component['version']}"
    qualifiers = re.search(r"classifier=([^&]+)", component.get("purl", ""))
    return [f"{name}-{qualifiers[1]}.jar"] if qualifiers else [f"{name}.jar"]


def java(runtime):
    told = dict(re.findall(r'^(\w+)="(.*)"$', Path(runtime, "release").read_text(), re.MULTILINE))
    return {
        "type": "platform",
        "bom-ref": "java-runtime",
        "name": "OpenJDK",
        "version": told.get("JAVA_RUNTIME_VERSION", told["JAVA_VERSION"]),
        "publisher": told.get("IMPLEMENTOR", "unknown"),
        "description": f"Made by jlink of the modules {told['MODULES']}",
        "licenses": [{"expression": "GPL-2.0-only WITH Classpath-exception-2.0"}],
    }


def main(known, archive, pom, output):
    bom = json.loads(Path(known).read_text())
    jars = {jar.name for folder in ("spark", "sql") for jar in Path(archive, "lib", folder).glob("*.jar")}
    inside = shaded(pom)
    kept, found = [], set()
    for component in bom["components"]:
        names = set(names_of(component)) & jars
        if names or f"{component.get('group')}:{component['name']}" in inside:
            found |= names
            inside.discard(f"{component.get('group')}:{component['name']}")
            kept.append(component)
    if jars - found or inside:
        sys.exit(f"FAILED: Maven's bill of materials lacks {', '.join(sorted(jars - found | inside))}")
    kept.append(java(Path(archive, "runtime")))
    references = {component["bom-ref"] for component in kept} | {bom["metadata"]["component"]["bom-ref"]}
    bom["components"] = kept
    bom["dependencies"] = [
        {**it, "dependsOn": [on for on in it.get("dependsOn", []) if on in references]}
        for it in bom["dependencies"]
        if it["ref"] in references
    ]
    text = json.dumps(bom, indent=2) + "\n"
    version = SchemaVersion.from_version(bom["specVersion"])
    problem = JsonStrictValidator(version).validate_str(text)
    if problem:
        sys.exit(f"FAILED: CycloneDX refuses it: {problem}")
    Path(output).write_text(text)
    print(f"{len(kept)} components, {len(jars)} of them jars of the archive, by CycloneDX {bom['specVersion']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
