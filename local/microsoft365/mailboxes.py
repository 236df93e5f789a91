"""The city's mailbox: messages that were drafted and sent."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from sqlite3 import Row
from typing import Any

from local.microsoft365.database import Database
from local.microsoft365.graph_errors import GraphError, bad_request

# learn.microsoft.com/graph/outlook-large-attachments: in the request under 3 MB, by a session up to 150 MB.
INLINE_ATTACHMENT_LIMIT = 3 * 2**20
SESSION_ATTACHMENT_LIMIT = 150 * 2**20


class Mailboxes:
    def __init__(self, database: Database, addresses: set[str]) -> None:
        self._database = database
        self._addresses = {address.casefold() for address in addresses}

    def check_owner(self, mailbox: str) -> None:
        if mailbox.casefold() not in self._addresses:
            raise GraphError(404, "ErrorInvalidUser", f"The requested user '{mailbox}' is invalid.")

    def draft(self, mailbox: str, message: dict[str, Any]) -> Row:
        attachments = message.pop("attachments", [])
        message_id = _new_id()
        now = self._database.now()
        kept = {
            "subject": "",
            "toRecipients": [],
            "internetMessageId": f"<{uuid.uuid4().hex}@stand-in.example>",
            **message,
            "from": {"emailAddress": {"address": mailbox}},
            "attachments": [],
        }
        self._database.insert(
            "messages", id=message_id, mailbox=mailbox, message=json.dumps(kept), created=now, sent=None
        )
        for attachment in attachments:
            self.attach(mailbox, message_id, attachment)
        return self.get(mailbox, message_id)

    def attach(self, mailbox: str, message_id: str, attachment: dict[str, Any]) -> dict[str, Any]:
        """A fileAttachment whose bytes stand in the request."""
        try:
            data = base64.b64decode(attachment["contentBytes"], validate=True)
            name = str(attachment["name"])
        except (KeyError, TypeError, binascii.Error) as error:
            raise bad_request("A fileAttachment needs a name and contentBytes in base64") from error
        if attachment.get("@odata.type") != "#microsoft.graph.fileAttachment":
            raise bad_request('The attachment needs "@odata.type": "#microsoft.graph.fileAttachment"')
        return self.attach_bytes(mailbox, message_id, name, attachment.get("contentType"), data)

    def attach_bytes(
        self, mailbox: str, message_id: str, name: str, content_type: str | None, data: bytes
    ) -> dict[str, Any]:
        row = self.get(mailbox, message_id)
        message = json.loads(row["message"])
        attachment = {
            "@odata.type": "#microsoft.graph.fileAttachment",
            "id": uuid.uuid4().hex,
            "name": name,
            "contentType": content_type or "application/octet-stream",
            "size": len(data),
        }
        (self._database.files / f"attachment-{attachment['id']}").write_bytes(data)
        message["attachments"].append(attachment)
        self._database.write("UPDATE messages SET message = ? WHERE id = ?", json.dumps(message), message_id)
        return attachment

    def attachment(self, attachment_id: str) -> bytes:
        return (self._database.files / f"attachment-{attachment_id}").read_bytes()

    def send(self, mailbox: str, message_id: str) -> None:
        row = self.get(mailbox, message_id)
        recipients = json.loads(row["message"]).get("toRecipients") or []
        addresses = [entry.get("emailAddress", {}).get("address", "") for entry in recipients]
        if not addresses or not all("@" in address for address in addresses):
            raise GraphError(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
        if row["sent"]:
            raise GraphError(400, "ErrorInvalidRequest", "The message is not a draft.")
        # Sending moves the message to another folder, and there it has another id.
        self._database.write(
            "UPDATE messages SET sent = ?, id = ? WHERE id = ?", self._database.now(), _new_id(), message_id
        )

    def discard(self, mailbox: str, message_id: str) -> None:
        self.get(mailbox, message_id)
        self._database.write("DELETE FROM messages WHERE id = ?", message_id)

    def get(self, mailbox: str, message_id: str) -> Row:
        row = self._database.one("SELECT * FROM messages WHERE id = ? AND mailbox = ?", message_id, mailbox)
        if row is None:
            raise GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        return row

    def messages(self, mailbox: str) -> list[Row]:
        return self._database.all("SELECT * FROM messages WHERE mailbox = ? ORDER BY rowid DESC", mailbox)

    def sent(self) -> list[Row]:
        return self._database.all("SELECT * FROM messages WHERE sent IS NOT NULL ORDER BY rowid DESC")


def _new_id() -> str:
    return f"AAMk{uuid.uuid4().hex}"
