/**
 * Loaded into every Python process of a run (`sitecustomize` on PYTHONPATH): what the Node layer does, with `http.client` as the
 * way on which reads pass. Clients that cannot be looked into (aiohttp, httpx, raw sockets) are refused outside of this machine.
 */
export const PYTHON_LAYER = String.raw`import os
import sys


def _guard_socket(socket):
    import json
    import time

    try:
        policy = json.loads(os.environ["INTERLOCK_GUARD"])
    except (KeyError, ValueError):
        policy = {"log": "", "sandbox": []}

    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex
    real_sendto, real_bind, real_getaddrinfo = socket.socket.sendto, socket.socket.bind, socket.getaddrinfo
    names = {}

    def plain(host):
        return str(host).lower().strip("[]").rstrip(".")

    def is_local(host):
        name = plain(host)
        if name in ("", "localhost", "0.0.0.0", "::", "::1") or name.endswith(".localhost"):
            return True
        if name.startswith("127.") or name.startswith("::ffff:127."):
            return name.replace("::ffff:", "").replace(".", "").isdigit()
        # Only an address of this machine can be bound to.
        family = socket.AF_INET6 if ":" in name else socket.AF_INET
        if family == socket.AF_INET and not name.replace(".", "").isdigit():
            return False
        probe = socket.socket(family, socket.SOCK_DGRAM)
        try:
            real_bind(probe, (name, 0))
            return True
        except OSError:
            return False
        finally:
            probe.close()

    def in_sandbox(host, port):
        for pattern in policy["sandbox"]:
            name, _, wanted = pattern.lower().partition(":")
            if wanted and wanted != str(port):
                continue
            if plain(host).endswith(name[1:]) if name.startswith("*.") else plain(host) == name:
                return True
        return False

    def note(action, method, host, port):
        line = {"at": int(time.time() * 1000), "action": action, "method": method}
        line.update({"target": "%s:%s" % (host, port), "by": "python %d" % os.getpid()})
        try:
            with open(policy["log"], "a") as log:
                log.write(json.dumps(line) + "\n")
        except OSError:
            pass

    def check(method, host, port):
        host = names.get(host, host)
        if is_local(host):
            return
        if in_sandbox(host, port):
            return note("allowed", method, host, port)
        note("blocked", method, host, port)
        raise PermissionError(
            "Interlock refused %s to %s:%s: a run writes nothing to the outside. A host that is made for it "
            "belongs into test.network.sandbox in interlock.json." % (method, host, port)
        )

    def in_http_client():
        # It asks check() with its method before it sends anything.
        frame = sys._getframe(2)
        while frame is not None:
            name = str(frame.f_globals.get("__name__"))
            if name == "http.client" or name.startswith("urllib3."):
                return True
            frame = frame.f_back
        return False

    def guarded(real):
        def connect(self, address):
            if isinstance(address, tuple) and not in_http_client():
                check("CONNECT", address[0], address[1])
            return real(self, address)

        return connect

    def sendto(self, data, *rest):
        if rest and isinstance(rest[-1], tuple):
            check("UDP", rest[-1][0], rest[-1][1])
        return real_sendto(self, data, *rest)

    def getaddrinfo(host, port, *rest, **more):
        found = real_getaddrinfo(host, port, *rest, **more)
        if isinstance(host, str):
            for entry in found:
                if not is_local(entry[4][0]):
                    names[entry[4][0]] = host
        return found

    socket.socket.connect = guarded(real_connect)
    socket.socket.connect_ex = guarded(real_connect_ex)
    socket.socket.sendto = sendto
    socket.getaddrinfo = getaddrinfo
    _guard_socket.check = check


def _guard_http(module):
    real_putrequest = module.HTTPConnection.putrequest

    def putrequest(self, method, url, *rest, **more):
        tunnel = getattr(self, "_tunnel_host", None)
        host, port = (tunnel, getattr(self, "_tunnel_port", None)) if tunnel else (self.host, self.port)
        if str(method).upper() not in ("GET", "HEAD", "OPTIONS"):
            _guard_socket.check(str(method).upper(), host, port or self.default_port)
        return real_putrequest(self, method, url, *rest, **more)

    module.HTTPConnection.putrequest = putrequest


class _Finder:
    # What does not use the network does not pay for it. http.client itself imports socket first.
    guards = {"socket": _guard_socket, "http.client": _guard_http}

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in cls.guards:
            return None
        from _frozen_importlib_external import PathFinder

        spec = PathFinder.find_spec(name, path)
        if spec is None:
            return None
        real_exec = spec.loader.exec_module

        def exec_module(module):
            real_exec(module)
            cls.guards[name](module)

        spec.loader.exec_module = exec_module
        return spec


if os.environ.get("INTERLOCK_GUARD"):
    for _name, _guard in _Finder.guards.items():
        if _name in sys.modules:
            _guard(sys.modules[_name])
    sys.meta_path.insert(0, _Finder)
`;
