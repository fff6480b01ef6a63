"""Reads an OVF as its published schema and VirtualBox do, and names what either would refuse.

The schema is the DMTF's DSP8023, and VirtualBox says by its messages what its reader wants. The
rules of both are written here in our own words, as far as they concern what is exported.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from xml.etree import ElementTree as ET

OVF = "{http://schemas.dmtf.org/ovf/envelope/1}"
CIM = "{http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_"
RASD, VSSD = f"{CIM}ResourceAllocationSettingData}}", f"{CIM}VirtualSystemSettingData}}"
CHILDREN = {
    "Envelope": ["References", "DiskSection", "NetworkSection", "VirtualSystem"],
    "VirtualSystem": ["Info", "Name", "OperatingSystemSection", "VirtualHardwareSection"],
    "DiskSection": ["Info", "Disk"],
    "NetworkSection": ["Info", "Network"],
    "OperatingSystemSection": ["Info", "Description"],
}
"""What the schema lets these have, in its order; a section has its Info first."""
REQUIRED: Mapping[str, Mapping[str, type]] = {
    "File": {"id": str, "href": str},
    "Disk": {"diskId": str, "capacity": int, "format": str},
    "Network": {"name": str},
    "VirtualSystem": {"id": str},
    "OperatingSystemSection": {"id": int},
}
"""Attributes without which neither reads it, and what they have to be."""
ITEM = ("ElementName", "InstanceID", "ResourceType")
CPU, MEMORY, SCSI, CARD, DISK, OTHER = "3", "4", "6", "10", "17", "20"
CONTROLLERS = {SCSI: {"lsilogic", "buslogic", "virtualscsi"}, OTHER: {"ahci", "virtioscsi", "nvme"}}
"""The kinds of controllers that have to say which they are, and what they may say."""
Names = AbstractSet[str | None]
UNITS = {"MegaBytes", "MB", "byte * 2^20", "GigaBytes", "GB", "byte * 2^30"}


def faults(text: str) -> list[str]:
    """Return what would be refused, a line each; none where both would take it."""
    root = ET.fromstring(text)  # noqa: S314 -- our own
    return [*_of_schema(root), *_of_virtualbox(root)]


def local(element: ET.Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def items(root: ET.Element) -> list[dict[str, str]]:
    """Return what each piece of hardware says of itself."""
    return [{local(part): part.text or "" for part in item} for item in root.iter(f"{OVF}Item")]


def _of_schema(root: ET.Element) -> Iterator[str]:
    if root.tag != f"{OVF}Envelope":
        yield f"the root is {root.tag}"
    for name, allowed in CHILDREN.items():
        for each in root.iter(OVF + name):
            if [local(child) for child in each] != allowed:
                yield f"{name} has {', '.join(map(local, each))}"
    for name, wanted in REQUIRED.items():
        for each in root.iter(OVF + name):
            yield from _of_attributes(each, wanted)
    for name, namespace in {"Item": RASD, "System": VSSD}.items():
        for each in root.iter(OVF + name):
            yield from _of_properties(each, namespace)


def _of_attributes(element: ET.Element, wanted: Mapping[str, type]) -> Iterator[str]:
    if any(not name.startswith("{") for name in element.attrib):
        yield f"an attribute of {local(element)} has no namespace"
    for name, kind in wanted.items():
        value = element.get(OVF + name, "")
        if not value or (kind is int and not value.isdigit()):
            yield f"{local(element)} has {name}={value!r}"


def _of_properties(item: ET.Element, namespace: str) -> Iterator[str]:
    """Yield what is wrong with one that has properties: all of one class, in the class's order."""
    names = [local(part) for part in item]
    if names != sorted(names, key=str.lower) or len(set(names)) != len(names):
        yield f"an {local(item)} has {', '.join(names)}"
    if any(part.tag != namespace + local(part) for part in item):
        yield f"an {local(item)} has a property of another class"
    needed = ITEM if namespace == RASD else ITEM[:2]
    yield from (f"an {local(item)} has no {name}" for name in needed if name not in names)


def _of_virtualbox(root: ET.Element) -> Iterator[str]:
    found = items(root)
    files = {each.get(f"{OVF}id") for each in root.iter(f"{OVF}File")}
    disks = {each.get(f"{OVF}diskId"): each for each in root.iter(f"{OVF}Disk")}
    for name, disk in disks.items():
        if disk.get(f"{OVF}fileRef") not in files:
            yield f"disk {name} is no file"
    if len({item.get("InstanceID") for item in found}) != len(found):
        yield "two items have one InstanceID"
    networks = {each.get(f"{OVF}name") for each in root.iter(f"{OVF}Network")}
    parents = {i.get("InstanceID") for i in found if i.get("ResourceType") in CONTROLLERS}
    for item in found:
        yield from _of_hardware(item, parents, set(disks), networks)
    if {CPU, MEMORY, CARD, DISK} - {item.get("ResourceType") for item in found}:
        yield "a processor, memory, a network card or a disk is missing"


def _of_hardware(
    item: dict[str, str],
    parents: set[str | None],
    disks: set[str | None],
    networks: set[str | None],
) -> Iterator[str]:
    match item.get("ResourceType"):
        case "3" if not item.get("VirtualQuantity", "").isdigit():
            yield "processors have no number"
        case "4" if item.get("AllocationUnits") not in UNITS:
            yield f"memory is told in {item.get('AllocationUnits')}"
        case "6" | "20" as kind:
            if item.get("ResourceSubType", "").lower() not in CONTROLLERS[kind]:
                yield f"{item.get('ResourceSubType')} is no controller"
        case "10" if item.get("Connection") not in networks:
            yield f"{item.get('Connection')} is no network"
        case "17":
            if item.get("Parent") not in parents:
                yield f"a disk hangs on {item.get('Parent')}"
            if item.get("HostResource", "").removeprefix("ovf:/disk/") not in disks:
                yield f"a disk is {item.get('HostResource')}"
