"""The XMP packet (ISO 16684-1) of a delivered file: title, language, document id and, where it holds, PDF/A-2b."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape

PRODUCER = "Podatelna"

PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:identifier>{identifier}</dc:identifier></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Keywords>{identifier}</pdf:Keywords><pdf:Producer>{producer}</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreateDate>{moment}</xmp:CreateDate></rdf:Description>
{claim}</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

CLAIM = """<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
"""


def write_packet(document_id: str, title: str, language: str, moment: datetime, *, archival: bool) -> bytes:
    return PACKET.format(
        title=escape(title),
        language=escape(language),
        identifier=escape(document_id),
        producer=PRODUCER,
        moment=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        claim=CLAIM if archival else "",
    ).encode()
