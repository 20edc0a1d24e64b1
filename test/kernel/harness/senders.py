"""Programs that send datagrams nobody wants, each in its own way: senders.py FIFO CASE,ADDRESS,PORT …
Each case is a process of its own. Whoever sends says before to what port, and its process id."""
import array
import os
import signal
import socket
import struct
import sys
import threading
import time
from packets import checksum

RENEWALS = 4
fifo, *cases = sys.argv[1:]


def make(kind=socket.SOCK_DGRAM, protocol=0):
    return socket.socket(family, kind, protocol)


def say(to=None):
    os.write(1, f"{to or port} {os.getpid()}\n".encode())


def unconnected():
    say()
    make().sendto(b"x", (address, port))


def connected(protocol=0):
    say()
    sender = make(protocol=protocol)
    sender.connect((address, port))
    sender.send(b"x")


def renewed():
    """One socket after the other has the same port, and probably the same place in memory."""
    for offset in range(RENEWALS):
        say(port + offset)
        with make() as sender:
            sender.bind(("", port - 10_000))
            sender.sendto(b"x", (address, port + offset))
            time.sleep(0.05)


def quote_udp(source, to):
    """Sends itself the host unreachable, which may come late, that quotes a datagram of UDP."""
    datagram = struct.pack("!HHHH", source, to, 9, 0) + b"x"
    if address == "::1":
        local = socket.inet_pton(socket.AF_INET6, address)
        quoted = struct.pack("!IHBB", 6 << 28, len(datagram), socket.IPPROTO_UDP, 64) + local + local + datagram
        message = struct.pack("!BBHI", 1, 3, 0, 0) + quoted
        socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6).sendto(message, (address, 0))
        return
    local = socket.inet_aton("127.0.0.1")
    length = 20 + len(datagram)
    quoted = struct.pack("!BBHHHBBH", 0x45, 0, length, 0, 0, 64, socket.IPPROTO_UDP, 0) + local + local + datagram
    message = struct.pack("!BBHI", 3, 1, 0, 0) + quoted
    message = message[:2] + struct.pack("!H", checksum(message)) + message[4:]
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).sendto(message, ("127.0.0.1", 0))


def succeeded():
    """Sends for a while and ends; the error comes when another process has its port."""
    source = port - 10_000
    say()
    if os.fork() == 0:
        first = make()
        first.bind(("", source))
        for pause in (0.6, 0):
            first.sendto(b"x", (address, port + 1))
            time.sleep(pause)
        os._exit(0)
    os.wait()
    second = make()
    second.bind(("", source))
    second.sendto(b"x", (address, port + 2))
    quote_udp(source, port)


def udplite():
    connected(socket.IPPROTO_UDPLITE)


def one_shots():
    """Each has a port of its own: one that another had a moment ago names nobody."""
    for offset in range(100):
        if os.fork() == 0:
            say(port + offset)
            sender = make()
            sender.bind(("", port + offset - 10_000))
            sender.sendto(b"x", (address, port + offset))
            os._exit(0)
        os.wait()


def tcp():
    say()
    make(socket.SOCK_STREAM).connect_ex((address, port))


def share_port(send):
    """Two processes have the same port; only the second one sends."""
    first = make()
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    first.bind(("", 0))
    if os.fork() == 0:
        second = make()
        second.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        second.bind(("", first.getsockname()[1]))
        first.close()
        say()
        send(second)
        os._exit(0)
    os.wait()


def reused():
    """The second one is connected."""
    def send(second):
        second.connect((address, port))
        second.send(b"x")

    share_port(send)


def shared():
    """The second one is not connected."""
    share_port(lambda second: second.sendto(b"x", (address, port)))


def handed():
    """A socket goes to another process by SCM_RIGHTS, and its first owner closes it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    if os.fork() == 0:
        _, control, _, _ = theirs.recvmsg(1, socket.CMSG_SPACE(4))
        theirs.recv(1)
        say()
        received = socket.socket(fileno=array.array("i", control[0][2])[0])
        received.sendto(b"x", (address, port))
        os._exit(0)
    with make() as given:
        given.bind(("", 0))
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [given.fileno()]))]
        ours.sendmsg([b"x"], rights)
    ours.send(b"x")
    os.wait()


def forked():
    """A child sends by what its parent, which still has it, has connected."""
    sender = make()
    sender.connect((address, port))
    if os.fork() == 0:
        say()
        sender.send(b"x")
        os._exit(0)
    os.wait()


def alternating():
    """A parent and its child send by one socket in turn, which nobody knows the first time."""
    sender = make()
    sender.bind(("", 0))
    sender.sendto(b"x", (address, port + 50))
    if os.fork() == 0:
        say(port + 1)
        time.sleep(0.01)
        sender.sendto(b"x", (address, port + 51))
        time.sleep(0.45)
        for _ in range(3):
            sender.sendto(b"x", (address, port + 1))
            time.sleep(0.01)
        os._exit(0)
    say()
    time.sleep(0.46)
    for _ in range(3):
        sender.sendto(b"x", (address, port))
        time.sleep(0.01)
    os.wait()


def kept():
    """Goes on with a socket that a process of several threads has as well, by SCM_RIGHTS."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    sender = make()
    sender.bind(("", 0))
    child = os.fork()
    if child == 0:
        sender.close()
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        received = theirs.recvmsg(1, socket.CMSG_SPACE(4))
        theirs.send(b"x")
        time.sleep(60)
        os._exit(len(received))
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [sender.fileno()]))]
    ours.sendmsg([b"x"], rights)
    ours.recv(1)
    say()
    sender.sendto(b"x", (address, port))
    time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    os.wait()


def changed():
    """Has its port as root, then another name, and sends as another user."""
    sender = make()
    sender.bind(("", 0))
    say()
    with open("/proc/self/comm", "w") as comm:
        comm.write("changed")
    os.setuid(1234)
    sender.sendto(b"x", (address, port))


def duplicated():
    """One process has several descriptors of its socket."""
    sender = make()
    sender.bind(("", 0))
    copies = [sender.dup() for _ in range(3)]
    say()
    copies[1].sendto(b"x", (address, port))


def left():
    """The parent that has made the socket closes it, and lives; the child goes on with it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    sender = make()
    sender.bind(("", 0))
    if os.fork() == 0:
        theirs.recv(1)
        say()
        sender.sendto(b"x", (address, port))
        os._exit(0)
    sender.close()
    ours.send(b"x")
    os.wait()


def orphaned():
    """The parent that has made the socket ends; the child goes on with it."""
    sender = make()
    sender.connect((address, port))
    parent = os.getpid()
    if os.fork():
        os._exit(0)
    while os.getppid() == parent:
        time.sleep(0.01)
    say()
    sender.send(b"x")
    time.sleep(0.2)


def waiting():
    """Has its socket long before it sends: when somebody opens the FIFO."""
    sender = make()
    sender.connect((address, port))
    say()
    open(fifo).close()
    sender.send(b"x")


functions = {function.__name__.replace("_", "-"): function for function in (
    unconnected, connected, udplite, one_shots, renewed, succeeded, tcp, reused, shared, handed, kept, forked,
    alternating, changed, duplicated, left, orphaned, waiting)}
children = []
for name, address, port in (case.split(",") for case in cases):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    port = int(port)
    child = os.fork()
    if child == 0:
        functions[name]()
        os._exit(0)
    if name == "waiting":
        children.append(child)
    else:
        os.waitpid(child, 0)
for child in children:
    os.waitpid(child, 0)
