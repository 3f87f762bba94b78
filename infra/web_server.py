"""HTTP on this machine: Chalice's own local server, brought nearer to what API Gateway does."""

import json
import logging
import threading
import time
import uuid
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import HTTPServer
from typing import Any
from urllib.parse import unquote

from chalice.app import Chalice
from chalice.config import Config
from chalice.local import (
    ChaliceRequestHandler,
    LocalDevServer,
    LocalGateway,
    LocalGatewayException,
    create_local_server,
)

_log = logging.getLogger("web")

ADDRESS = "127.0.0.1"
#: API Gateway refuses more before the application sees it; the application itself stops at 1 MB.
_LARGEST_BODY = 10 * 1024 * 1024
_SERVER_ERRORS = 500


#: Gives the status, headers and body for a path that no route has.
NotFound = Callable[[str], tuple[int, dict[str, str], str]]


def serve(app: Chalice, port: int, not_found: NotFound) -> LocalDevServer:
    """Open the server; `serve_in_background` makes it answer.

    `create_local_server` is what gives each thread a `current_request` of its own.
    """
    config = Config.create(chalice_app=app, chalice_stage="local", lambda_timeout=28)
    server = create_local_server(app, config, ADDRESS, port)
    # Chalice hands a functools.partial where the standard library's stub wants a class.
    handler: Any = partial(_Handler, _Gateway(app, config, not_found), app, config)
    server.server.RequestHandlerClass = handler
    server.server.request_queue_size = 128
    return server


def serve_in_background(server: LocalDevServer) -> threading.Thread:
    """Answer requests in other threads until `server.shutdown()`."""
    thread = threading.Thread(target=server.server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    return thread


class _Refused(LocalGatewayException):
    """An answer given without asking the application, in the form of all our errors."""

    def __init__(self, status: HTTPStatus, field: str, message: str) -> None:
        problem = {
            "type": "about:blank",
            "title": status.phrase.capitalize(),
            "status": status.value,
            "errors": [{"field": field, "message": message}],
        }
        super().__init__({"Content-Type": "application/problem+json"}, json.dumps(problem).encode())
        self.CODE = status.value


class _Unknown(LocalGatewayException):
    """A path that no route has: the application's own words for it."""

    def __init__(self, status: int, headers: dict[str, str], body: str) -> None:
        super().__init__(headers, body.encode())
        self.CODE = status


class _Gateway(LocalGateway):
    """Routes like the API Gateway of our template."""

    def __init__(self, app: Chalice, config: Config, not_found: NotFound) -> None:
        super().__init__(app, config)
        self._not_found = not_found

    def handle_request(
        self, method: str, path: str, headers: dict[str, Any], body: bytes | None
    ) -> dict[str, Any]:
        """Hand a request to the application, whatever its method; it says which ones a path has.

        Raises LocalGatewayException for a path that no route has.
        """
        try:
            event = self._generate_lambda_event(method, path, headers, body)
        except ValueError:
            raise _Unknown(*self._not_found(path.partition("?")[0])) from None
        answer: dict[str, Any] = self._app_object(event, self._generate_lambda_context())
        return answer

    def _generate_lambda_event(
        self, method: str, path: str, headers: dict[str, Any], body: bytes | None
    ) -> dict[str, Any]:
        event: dict[str, Any] = super()._generate_lambda_event(method, path, headers, body)
        event["pathParameters"] = {name: unquote(value) for name, value in event["pathParameters"].items()}
        event["requestContext"] |= {"requestId": str(uuid.uuid4()), "stage": "local"}
        if isinstance(event["body"], bytes):
            # A function receives JSON, hence text, whatever the bytes were.
            event["body"] = event["body"].decode("utf-8", errors="replace")
        return event


class _Handler(ChaliceRequestHandler):
    """Reads and writes HTTP. One instance serves one connection."""

    # The body is written after the headers: with Nagle's algorithm a kept connection would wait
    # 40 ms for the acknowledgement of the first.
    disable_nagle_algorithm = True
    timeout = 75
    server_version = "binome"
    sys_version = ""

    def __init__(  # noqa: PLR0913 -- the last three are the standard library's
        self,
        gateway: _Gateway,
        app: Chalice,
        config: Config,
        request: Any,  # noqa: ANN401 -- a socket, which Chalice declares as bytes
        client_address: tuple[str, int],
        server: HTTPServer,
    ) -> None:
        self._started = time.monotonic()
        self._gateway = gateway
        super().__init__(request, client_address, server, app_object=app, config=config)

    def _generic_handle(self) -> None:
        self._started = time.monotonic()
        self.local_gateway = self._gateway
        try:
            self._check_length()
            super()._generic_handle()
        except LocalGatewayException as refusal:
            self.close_connection = True
            self._send_error_response(refusal)
        except (BrokenPipeError, ConnectionResetError):
            # Whoever asked has gone.
            self.close_connection = True

    # The methods of Chalice's handler are aliases of its own _generic_handle.
    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = do_OPTIONS = _generic_handle

    def _check_length(self) -> None:
        """Refuse a body that cannot or should not be read."""
        if self.headers.get("Transfer-Encoding"):
            message = "send the body with a Content-Length, not in chunks"
            raise _Refused(HTTPStatus.LENGTH_REQUIRED, "Content-Length", message)
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit():
            message = "the length of the body in bytes is expected"
            raise _Refused(HTTPStatus.BAD_REQUEST, "Content-Length", message)
        if int(length) > _LARGEST_BODY:
            message = "a body of at most 1 MB is accepted"
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body", message)

    def _send_http_response_with_body(self, code: int, headers: dict[str, Any], body: str | bytes) -> None:
        if self.command == "HEAD":
            # A body here would be read as the beginning of the next answer.
            self._send_http_response_no_body(code, headers)
        else:
            super()._send_http_response_with_body(code, headers, body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is not even HTTP in the form of our other errors."""
        del message, explain
        self.close_connection = True
        self.command = getattr(self, "command", None) or "GET"
        if code == HTTPStatus.NOT_IMPLEMENTED:
            refusal = _Refused(HTTPStatus.METHOD_NOT_ALLOWED, "method", "use GET, POST, PATCH or DELETE")
        else:
            status = HTTPStatus(code) if code < _SERVER_ERRORS else HTTPStatus.BAD_REQUEST
            refusal = _Refused(status, "request", "a well-formed HTTP/1.1 request is accepted")
        self._send_error_response(refusal)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep method, path, status and time; a query may hold a person's signed link."""
        del size
        spent = (time.monotonic() - self._started) * 1000
        status = code.value if isinstance(code, HTTPStatus) else code
        path = getattr(self, "path", "-").partition("?")[0]
        _log.info("%s %s %s %.0f ms", getattr(self, "command", "-"), path, status, spent)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name the standard library gave it
        """Send the standard library's own remarks where ours go."""
        _log.info(format, *args)
