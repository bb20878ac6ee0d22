"""The example for nginx as it is in docs/drift/exempel/, with real paths and ports put in, before the real server."""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config import Settings
from tests.deploy.serving import Server, free_port, serving
from tests.deploy.test_server import until

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "docs/drift/exempel/nginx.conf"
# What nginx does depends on no database of ours.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
NAME = "portfolj.staden.se"
MAIN = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
{user}
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    {temporary}
    include {folder}/site.conf;
}}
"""


@dataclass
class Proxy:
    """nginx before the product: a client that trusts its certificate, and where its files are."""

    client: httpx.Client
    server: Server
    port: int
    plain_port: int
    folder: Path
    context: ssl.SSLContext


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _site(folder: Path, upstream: int, port: int, plain: int) -> str:
    """The example with the values of this test; each that is to be replaced must be there."""
    text = EXAMPLE.read_text("utf-8")
    for old, new in (
        ("server unix:/run/portfoljkartan.sock", f"server 127.0.0.1:{upstream}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("    listen [::]:80;\n", ""),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("/etc/ssl/portfolj/", f"{folder}/"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/opt/portfoljkartan/static/", f"{ROOT}/static/"),
        ("client_header_timeout 15s", "client_header_timeout 5s"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(folder: Path, upstream: int, port: int, plain: int) -> Iterator[None]:
    _certificate(folder)
    folder.chmod(0o755)
    (folder / "site.conf").write_text(_site(folder, upstream, port, plain), "utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, temporary=temporary, user=user), "utf-8")
    program = "/usr/sbin/nginx"
    if not Path(program).exists():
        pytest.fail("nginx saknas (Debian: nginx-light)")
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: _listens(port), "nginx")
            yield
        finally:
            process.terminate()
            process.wait()


def _listens(port: int) -> bool:
    with closing(socket.socket()) as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


class _Here(httpx.HTTPTransport):
    """Every name leads to this machine, as the certificate's name does in the test."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = NAME
        request.url = request.url.copy_with(host="127.0.0.1")
        return super().handle_request(request)


@pytest.fixture
def proxy(database_url: str, tmp_path: Path) -> Iterator[Proxy]:
    port, plain = free_port(), free_port()
    folder = tmp_path / "nginx"
    folder.mkdir()
    settings = {"TRUSTED_PROXIES": "1", "FORCE_HTTPS": "1", "PUBLIC_URL": f"https://{NAME}", "LOG_LEVEL": "DEBUG",
                "METRICS_TOKEN": "m" * 30}  # fmt: skip
    with serving(database_url, tmp_path, command=None, **settings) as server, nginx(folder, server.port, port, plain):
        context = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
        transport = _Here(verify=context)
        with httpx.Client(transport=transport, base_url=f"https://{NAME}:{port}") as client:
            yield Proxy(client, server, port, plain, folder, context)


def asked(proxy: Proxy, method: str, path: str, **further: object) -> httpx.Response:
    headers = {"Host": NAME} | dict(further.pop("headers", {}))  # type: ignore[call-overload]
    return proxy.client.request(method, path, headers=headers, **further)  # type: ignore[arg-type]


def test_the_page_comes_through_with_its_headers(proxy: Proxy) -> None:
    answer = asked(proxy, "GET", "/projekt")
    assert answer.status_code == 200
    assert "Portföljkartan" in answer.text
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "nonce-" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Server"] == "nginx"
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])
    proxy.server.wait_for(answer.headers["X-Request-ID"])
    (line,) = [one for one in proxy.server.events() if one.get("request_id") == answer.headers["X-Request-ID"]]
    assert (line["rule"], line["net"]) == ("/projekt", "127.0.0.0/24")
    until(lambda: answer.headers["X-Request-ID"] in (proxy.folder / "portfoljkartan.log").read_text(), "nginx's line")


def test_what_a_client_says_of_itself_is_not_believed(proxy: Proxy) -> None:
    lies = {
        "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "ond.example",
        "X-Forwarded-Prefix": "/ond", "Forwarded": "for=203.0.113.9;host=ond.example", "X-Request-ID": "a" * 32,
        "X-Forwarded-Port": "81", "X-Real-IP": "203.0.113.9",
    }  # fmt: skip
    answer = asked(proxy, "GET", "/logga-in", headers=lies)
    assert answer.status_code == 200
    assert "ond.example" not in answer.text
    assert answer.headers["X-Request-ID"] != "a" * 32
    proxy.server.wait_for(answer.headers["X-Request-ID"])
    (line,) = [one for one in proxy.server.events() if one.get("request_id") == answer.headers["X-Request-ID"]]
    assert line["net"] == "127.0.0.0/24"
    assert "203.0.113" not in "\n".join(proxy.server.lines)


def test_plain_http_leads_to_https(proxy: Proxy) -> None:
    answer = httpx.get(f"http://127.0.0.1:{proxy.plain_port}/projekt?q=x", headers={"Host": NAME})
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"https://{NAME}/projekt?q=x"


def test_the_second_version_of_http_is_spoken(proxy: Proxy) -> None:
    context = ssl.create_default_context(cafile=str(proxy.folder / "fullchain.pem"))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", proxy.port)) as plain,
        context.wrap_socket(plain, server_hostname=NAME) as secure,
    ):
        assert secure.selected_alpn_protocol() == "h2"
        assert secure.version() == "TLSv1.3"
    done = subprocess.run(
        ["curl", "-sS", "--http2", "--cacert", str(proxy.folder / "fullchain.pem"), "--resolve",
         f"{NAME}:{proxy.port}:127.0.0.1", "-o", "/dev/null", "-w", "%{http_version} %{http_code}",
         f"https://{NAME}:{proxy.port}/projekt", "-H", f"Host: {NAME}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "2 200"


def test_old_versions_of_tls_are_refused(proxy: Proxy) -> None:
    context = ssl.create_default_context(cafile=str(proxy.folder / "fullchain.pem"))
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", proxy.port)) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname=NAME)


def test_files_are_sent_by_nginx_with_the_headers_of_ours_and_kept_long(proxy: Proxy) -> None:
    direct = proxy.server.ask("/static/css/site.css", Host=NAME, X_Forwarded_Proto="https", X_Forwarded_For="127.0.0.1")
    before = len(proxy.server.events())
    marked = asked(proxy, "GET", "/static/css/site.css?v=1")
    plain = asked(proxy, "GET", "/static/css/site.css")
    assert marked.status_code == plain.status_code == direct.status == 200
    assert marked.content == direct.body
    assert marked.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Cache-Control"] == "no-cache"
    assert plain.headers["Content-Encoding"] == "gzip"
    for name in (
        "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Strict-Transport-Security",
        "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Content-Type",
    ):  # fmt: skip
        assert marked.headers[name] == direct.headers[name.lower()], name
    assert "default-src 'none'" in marked.headers["Content-Security-Policy"]
    again = asked(proxy, "GET", "/static/css/site.css", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304
    script = asked(proxy, "GET", "/static/js/site.js")
    assert script.headers["Content-Type"].partition(";")[0] in ("text/javascript", "application/javascript")
    for outside in ("/static/../config.py", "/static/%2e%2e/config.py", "/static../config.py", "/static/css/"):
        assert asked(proxy, "GET", outside).status_code in (400, 403, 404), outside
    asked_of_us = [one["rule"] for one in proxy.server.events()[before:] if "rule" in one]
    # The one that was asked directly may be written down late.
    assert len([rule for rule in asked_of_us if rule.startswith("/static")]) <= 1


def test_as_much_may_be_sent_as_the_product_takes(proxy: Proxy) -> None:
    found = re.search(r"client_max_body_size (\d+)m;", EXAMPLE.read_text("utf-8"))
    assert found is not None
    assert int(found[1]) * 1024 * 1024 == Settings.MAX_CONTENT_LENGTH
    over = Settings.MAX_CONTENT_LENGTH + 1
    with proxy.context.wrap_socket(socket.create_connection(("127.0.0.1", proxy.port)), server_hostname=NAME) as secure:
        secure.sendall(f"POST /import HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {over}\r\n\r\n".encode())
        assert secure.recv(12) == b"HTTP/1.1 413"


def test_any_number_of_slow_clients_stops_nobody(proxy: Proxy) -> None:
    with ExitStack() as slow:
        trickles: list[ssl.SSLSocket] = []
        for _ in range(60):
            plain = slow.enter_context(socket.create_connection(("127.0.0.1", proxy.port)))
            secure = slow.enter_context(proxy.context.wrap_socket(plain, server_hostname=NAME))
            head = f"POST /logga-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 100000\r\n\r\n"
            secure.sendall(head.encode() if len(trickles) % 2 else head[:40].encode())
            trickles.append(secure)
        for _ in range(5):
            for one in trickles:
                one.sendall(b"x")
            assert asked(proxy, "GET", "/projekt").status_code == 200


def test_the_numbers_are_not_for_the_outside(proxy: Proxy) -> None:
    assert asked(proxy, "GET", "/metrics").status_code == 401
    assert asked(proxy, "GET", "/metrics", headers={"Authorization": "Bearer " + "m" * 30}).status_code == 200
    assert "deny all;" in EXAMPLE.read_text("utf-8")


def test_when_the_product_is_gone_the_page_says_so_in_swedish(proxy: Proxy) -> None:
    assert asked(proxy, "GET", "/projekt").status_code == 200
    assert proxy.server.stop() == 0
    answer = asked(proxy, "GET", "/projekt")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Portföljkartan startas om" in answer.text
    assert asked(proxy, "GET", "/static/css/site.css").status_code == 200


def test_the_log_of_nginx_names_nobody(proxy: Proxy) -> None:
    asked(proxy, "GET", "/projekt?q=hemligtord", headers={"User-Agent": "hemligtord", "Referer": "http://hemligtord/"})
    log = proxy.folder / "portfoljkartan.log"
    until(lambda: log.exists() and '"status":200' in log.read_text("utf-8"), "nginx's line")
    said = log.read_text("utf-8")
    assert "hemligtord" not in said
    assert '"net":"127.0.0.0"' in said
