from __future__ import annotations

import pytest

from local.microsoft365.addresses import ItemAddress, parse_address
from local.microsoft365.graph_errors import GraphError


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("root", ItemAddress("root", (), "")),
        ("root/children", ItemAddress("root", (), "children")),
        ("items/01AB", ItemAddress("01AB", (), "")),
        ("items/01AB/listItem/fields", ItemAddress("01AB", (), "listItem/fields")),
        ("root:/a/b.pdf", ItemAddress("root", ("a", "b.pdf"), "")),
        ("root:/a/b.pdf:", ItemAddress("root", ("a", "b.pdf"), "")),
        ("root:/a/b.pdf:/content", ItemAddress("root", ("a", "b.pdf"), "content")),
        ("items/01AB:/b.pdf:/createUploadSession", ItemAddress("01AB", ("b.pdf",), "createUploadSession")),
    ],
)
def test_an_item_is_addressed_by_id_or_by_path(raw: str, address: ItemAddress) -> None:
    assert parse_address(raw) == address


def test_an_sdk_may_encode_the_whole_path_in_place_of_an_id() -> None:
    assert parse_address("items/root%3A%2Fm%C3%A1j%2Fa%23b.pdf%3A/content") == ItemAddress(
        "root", ("máj", "a#b.pdf"), "content"
    )


@pytest.mark.parametrize(("raw", "status"), [("bundles", 404), ("items/", 404), ("root:/a:b.pdf:/content", 400)])
def test_what_is_no_address_is_refused(raw: str, status: int) -> None:
    with pytest.raises(GraphError) as caught:
        parse_address(raw)
    assert caught.value.status == status


def test_an_item_addressed_by_id_has_no_name_to_be_put_under() -> None:
    with pytest.raises(GraphError, match="by its path"):
        _ = parse_address("items/01AB/createUploadSession").name
