"""The city's mailbox through Microsoft Graph: a letter is sent once, however often sending is tried.

`sendMail` cannot tell afterwards whether a lost answer had sent. So a draft gets a message id of our own; before any
try the mailbox is asked for a message with that id: sent means done, a draft is thrown away and made anew.
Limits: learn.microsoft.com/graph/outlook-large-attachments (3 MB in a request, above that an upload session).
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from shared.adapters.graph import Graph, NotThere
from shared.adapters.upload_session import upload

# A request may have 4 MB and base64 adds a third.
LARGEST_INLINE = 2_900_000


class GraphMailbox:
    """Implements ports.Mailbox; the app needs Mail.ReadWrite and Mail.Send for this one mailbox."""

    def __init__(self, graph: Graph, mailbox: str) -> None:
        self._graph = graph
        self._address = f"/users/{quote(mailbox)}"
        self._host = mailbox.rpartition("@")[2]
        self._what = f"Poštová schránka {mailbox}"

    async def forward(self, key: str, to: str, subject: str, html: str, attachment: tuple[str, bytes] | None) -> None:
        message_id = f"<podatelna.{key}@{self._host}>"
        if await self._is_sent(message_id):
            return
        message = build_message(message_id, to, subject, html)
        if attachment and len(attachment[1]) > LARGEST_INLINE:
            draft = await self._draft_with_large(message, *attachment)
        else:
            if attachment:
                message["attachments"] = [inline_attachment(*attachment)]
            draft = await self._draft(message)
        await self._graph.send("POST", f"{self._messages}/{quote(draft)}/send", what=self._what)

    @property
    def _messages(self) -> str:
        return f"{self._address}/messages"

    async def _is_sent(self, message_id: str) -> bool:
        """Throws half-made drafts away."""
        asked = {"$filter": f"internetMessageId eq '{message_id}'", "$select": "id,isDraft"}
        found = (await self._graph.send("GET", self._messages, what=self._what, params=asked)).json()["value"]
        if any(not message["isDraft"] for message in found):
            return True
        for message in found:
            await self._discard(message["id"])
        return False

    async def _draft(self, message: dict[str, Any]) -> str:
        answer = await self._graph.send("POST", self._messages, what=self._what, json=message)
        return str(answer.json()["id"])

    async def _discard(self, draft: str) -> None:
        try:
            await self._graph.send("DELETE", f"{self._messages}/{quote(draft)}", what=self._what)
        except NotThere:
            return

    async def _draft_with_large(self, message: dict[str, Any], name: str, content: bytes) -> str:
        """Each session belongs to a new draft, so that an attachment whose last answer was lost is not there twice."""
        drafts: list[str] = []

        async def open_session() -> str:
            if drafts:
                await self._discard(drafts[-1])
            drafts.append(await self._draft(message))
            item = {"attachmentType": "file", "name": name, "size": len(content), "contentType": "application/pdf"}
            address = f"{self._messages}/{quote(drafts[-1])}/attachments/createUploadSession"
            answer = await self._graph.send("POST", address, what=self._what, json={"AttachmentItem": item})
            return str(answer.json()["uploadUrl"])

        await upload(self._graph, content, open_session, self._what)
        return drafts[-1]


def build_message(message_id: str, to: str, subject: str, html: str) -> dict[str, Any]:
    return {
        "internetMessageId": message_id,
        "subject": subject,
        "body": {"contentType": "HTML", "content": html},
        "toRecipients": [{"emailAddress": {"address": to}}],
    }


def inline_attachment(name: str, content: bytes) -> dict[str, Any]:
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": name,
        "contentType": "application/pdf",
        "contentBytes": base64.b64encode(content).decode(),
    }
