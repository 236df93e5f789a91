"""Graph's mail: sendMail, drafts, attachments."""

from __future__ import annotations

import json
import re
from sqlite3 import Row
from typing import Any

from aiohttp import web

from local.microsoft365.graph_errors import GraphError, bad_request
from local.microsoft365.graph_shapes import answer, answer_list, tenant_of
from local.microsoft365.graph_sites import read_json
from local.microsoft365.graph_uploads import open_session
from local.microsoft365.mailboxes import INLINE_ATTACHMENT_LIMIT, SESSION_ATTACHMENT_LIMIT

# learn.microsoft.com/graph/api/user-sendmail; a request with inline attachments is 4 MB at most.
LARGEST_REQUEST = 4 * 2**20
EQUALS = re.compile(r"(?P<name>internetMessageId|subject) eq '(?P<value>(?:[^']|'')*)'")


async def send_mail(request: web.Request) -> web.Response:
    mailbox = _mailbox(request)
    body = await _read_small(request)
    message = body.get("message", body.get("Message"))
    if not isinstance(message, dict):
        raise bad_request("The request needs a message.")
    mailboxes = tenant_of(request).mailboxes
    draft = mailboxes.draft(mailbox, dict(message))
    try:
        mailboxes.send(mailbox, draft["id"])
    except GraphError:
        mailboxes.discard(mailbox, draft["id"])
        raise
    return web.Response(status=202)


async def create_draft(request: web.Request) -> web.Response:
    draft = tenant_of(request).mailboxes.draft(_mailbox(request), await _read_small(request))
    return answer(request, _shape(draft), status=201)


async def list_messages(request: web.Request) -> web.Response:
    rows = [_shape(row) for row in tenant_of(request).mailboxes.messages(_mailbox(request))]
    asked = request.query.get("$filter")
    if asked:
        wanted = EQUALS.fullmatch(asked.strip())
        if wanted is None:
            raise bad_request("The stand-in understands $filter=subject eq '…' and internetMessageId eq '…'")
        rows = [row for row in rows if row.get(wanted["name"]) == wanted["value"].replace("''", "'")]
    return answer_list(request, rows)


async def get_message(request: web.Request) -> web.Response:
    return answer(request, _shape(tenant_of(request).mailboxes.get(_mailbox(request), request.match_info["message"])))


async def delete_message(request: web.Request) -> web.Response:
    tenant_of(request).mailboxes.discard(_mailbox(request), request.match_info["message"])
    return web.Response(status=204)


async def add_attachment(request: web.Request) -> web.Response:
    body = await _read_small(request)
    if len(str(body.get("contentBytes", ""))) > INLINE_ATTACHMENT_LIMIT * 4 // 3 + 4:
        raise GraphError(413, "ErrorAttachmentSizeLimitExceeded", "Attachments over 3 MB need an upload session.")
    mailboxes = tenant_of(request).mailboxes
    attachment = mailboxes.attach(_mailbox(request), request.match_info["message"], body)
    return answer(request, attachment, status=201)


async def create_attachment_session(request: web.Request) -> web.Response:
    mailbox, message = _mailbox(request), request.match_info["message"]
    tenant_of(request).mailboxes.get(mailbox, message)
    body = await read_json(request)
    facet = body.get("AttachmentItem", body.get("attachmentItem")) or {}
    size = facet.get("size")
    if facet.get("attachmentType") != "file" or not facet.get("name") or not isinstance(size, int):
        raise bad_request('AttachmentItem needs attachmentType "file", name and size.')
    if size > SESSION_ATTACHMENT_LIMIT:
        raise GraphError(413, "ErrorAttachmentSizeLimitExceeded", "An attachment is 150 MB at most.")
    target = {"mailbox": mailbox, "message": message, "name": facet["name"], "type": facet.get("contentType")}
    return answer(request, open_session(request, target, size), status=201)


async def send_draft(request: web.Request) -> web.Response:
    tenant_of(request).mailboxes.send(_mailbox(request), request.match_info["message"])
    return web.Response(status=202)


def _mailbox(request: web.Request) -> str:
    mailbox = request.match_info["mailbox"]
    tenant_of(request).mailboxes.check_owner(mailbox)
    return mailbox


async def _read_small(request: web.Request) -> dict[str, Any]:
    if (request.content_length or 0) > LARGEST_REQUEST:
        raise GraphError(413, "ErrorMessageSizeExceeded", "The request is larger than 4 MB.")
    return await read_json(request)


def _shape(row: Row) -> dict[str, Any]:
    message = json.loads(row["message"])
    return {
        **message,
        "id": row["id"],
        "isDraft": row["sent"] is None,
        "createdDateTime": row["created"],
        "sentDateTime": row["sent"],
        "hasAttachments": bool(message["attachments"]),
    }


MESSAGES = "/v1.0/users/{mailbox}/messages"
ROUTES = [
    web.post("/v1.0/users/{mailbox}/sendMail", send_mail),
    web.get(MESSAGES, list_messages),
    web.get("/v1.0/users/{mailbox}/mailFolders/{folder}/messages", list_messages),
    web.post(MESSAGES, create_draft),
    web.get(MESSAGES + "/{message}", get_message),
    web.delete(MESSAGES + "/{message}", delete_message),
    web.post(MESSAGES + "/{message}/attachments", add_attachment),
    web.post(MESSAGES + "/{message}/attachments/createUploadSession", create_attachment_session),
    web.post(MESSAGES + "/{message}/send", send_draft),
]
