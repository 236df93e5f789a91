"""The XMP packet (ISO 16684-1) of a delivered file: title, language, document id and, where it holds, PDF/A-2b."""

from __future__ import annotations

from xml.sax.saxutils import escape

# Everything that XMP lets stand in an attribute does: the packet is not compressed, so that any indexer can read it.
PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"{claim} dc:identifier="{identifier}">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>\
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""

CLAIM = ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2" pdfaid:conformance="B"'


def write_packet(document_id: str, title: str, language: str, *, archival: bool) -> bytes:
    return PACKET.format(
        title=escape(title),
        language=escape(language),
        identifier=escape(document_id, {'"': "&quot;"}),
        claim=CLAIM if archival else "",
    ).encode()
