"""A real mail server (aiosmtpd) that keeps what it takes as JSON files, read by Python's own mail parser.

What it does with a message depends on the recipient's local part:
  nobody  550 at RCPT          relay   550 5.7.1 at RCPT      busy  451 at RCPT
  spam    554 after the dot    full    452 after the dot      lost  takes it, and hangs up without an answer
  hold    takes it, and answers when the file "answer" is there
"""
import asyncio
import email
import email.policy
import json
import os
import signal
import ssl
import sys
import uuid

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

options = json.loads(sys.argv[1])
at_rcpt = {
    "nobody": "550 5.1.1 <nobody@example.test> is unknown here",
    "relay": "550 5.7.1 relaying denied",
    "busy": "451 4.7.1 greylisted, come back later",
}


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        local = address.split("@")[0]
        if local in at_rcpt:
            return at_rcpt[local]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        local = envelope.rcpt_tos[0].split("@")[0]
        if local == "spam":
            return "554 5.6.0 not such a message"
        if local == "full":
            return "452 4.2.2 mailbox full"
        keep(session, envelope)
        if local == "lost":
            server.transport.abort()
        while local == "hold" and not os.path.exists(os.path.join(options["folder"], "answer")):
            await asyncio.sleep(0.02)
        return "250 2.0.0 taken for <%s>" % envelope.rcpt_tos[0]


def keep(session, envelope):
    message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
    kept = {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "hello": session.host_name,
        "tls": session.ssl is not None,
        "user": session.auth_data.login.decode() if session.auth_data else None,
        "headers": {name: str(value) for name, value in message.items()},
        "text": message.get_body(("plain",)).get_content().replace("\r\n", "\n"),
        "html": message.get_body(("html",)).get_content().replace("\r\n", "\n"),
        "defects": [str(defect) for part in message.walk() for defect in part.defects],
    }
    file = os.path.join(options["folder"], uuid.uuid4().hex)
    with open(file + ".part", "w", encoding="utf-8") as out:
        json.dump(kept, out)
    os.rename(file + ".part", file + ".json")


def authenticate(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (
        options["username"], options["password"])
    return AuthResult(success=right, handled=right, auth_data=data)


def smtp(**more):
    tls = None
    if options.get("certificate"):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options["certificate"], options["key"])
    implicit = options.get("implicit")
    return SMTP(
        Handler(), hostname="mail.example.test", enable_SMTPUTF8=options.get("utf8", True),
        tls_context=None if implicit else tls, require_starttls=bool(tls) and not implicit,
        authenticator=authenticate if options.get("username") else None,
        auth_required=bool(options.get("username")), auth_require_tls=not implicit,
        auth_exclude_mechanism=options.get("withoutMechanisms", [])), tls if implicit else None


async def main():
    loop = asyncio.get_running_loop()
    _, implicit = smtp()
    server = await loop.create_server(lambda: smtp()[0], "127.0.0.1", options["port"], ssl=implicit)
    loop.add_signal_handler(signal.SIGTERM, server.close)
    print("ready", flush=True)
    await server.wait_closed()


asyncio.run(main())
