import { element, link } from "./dom.js";
import { formatCount, formatMoment, formatSize } from "./format.js";

export function drawMailbox(mails, mailbox) {
  const heading = element(
    "header",
    {},
    element("h2", {}, "Odoslaná pošta"),
    element("p", { className: "where" }, `Schránka ${mailbox}`),
    element("span", { className: "count" }, formatCount(mails.length, "mail")),
  );
  const content = mails.length
    ? mails.map(drawMail)
    : element("p", { className: "empty" }, "Zo schránky ešte nič neodišlo.");
  return element("section", { className: "panel mailbox" }, heading, content);
}

function drawMail(mail, index) {
  const summary = element(
    "summary",
    {},
    element("span", { className: "subject" }, mail.subject || "(bez predmetu)"),
    element("span", { className: "to" }, `Komu: ${addresses(mail.toRecipients)}`),
    element("time", { datetime: mail.sent }, formatMoment(mail.sent)),
  );
  const attachments = mail.attachments.map((attachment) =>
    link(`/control/mails/attachments/${attachment.id}`, `${attachment.name} (${formatSize(attachment.size)})`, {
      className: "attachment",
    }),
  );
  const copy = mail.ccRecipients?.length ? element("p", { className: "to" }, `Kópia: ${addresses(mail.ccRecipients)}`) : null;
  const parts = [summary, copy, drawBody(mail.body ?? {}), element("p", { className: "attachments" }, attachments)];
  return element("details", { className: "mail", open: index === 0 }, parts);
}

// Scripts of a message never run: the frame is sandboxed and only its height is read.
function drawBody(body) {
  if ((body.contentType ?? "").toLowerCase() !== "html") return element("pre", {}, body.content ?? "");
  const frame = element("iframe", { sandbox: "allow-same-origin", title: "Text správy" });
  const style = "<style>body{font:14px 'Segoe UI','Noto Sans',system-ui,sans-serif;margin:0;color:#1f2328}</style>";
  frame.srcdoc = style + (body.content ?? "");
  const fit = () => (frame.style.height = `${frame.contentDocument.documentElement.scrollHeight + 4}px`);
  frame.addEventListener("load", fit);
  return frame;
}

function addresses(recipients = []) {
  return recipients.map((entry) => entry.emailAddress?.name || entry.emailAddress?.address).join(", ");
}
