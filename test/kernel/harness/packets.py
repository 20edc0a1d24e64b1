#!/usr/bin/env python3
"""Makes the messages that no ordinary tool makes: packets.py COMMAND ARGUMENT...

What comes from a socket (raw4, raw6, header4, header6, join) is sent by this host's own stack; what is
injected (fragments, extensions, inject6) leaves a device behind the stack's back, so that only the
receiver counts it.
"""
import argparse
import socket
import struct
import time
import zlib

ICMP, ICMPV6, FRAGMENT, HOP_BY_HOP, ROUTING, DESTINATION, MOBILITY = 1, 58, 44, 0, 43, 60, 135
ECHO6 = 128


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def address6(text):
    return socket.inet_pton(socket.AF_INET6, text)


def icmp4(type_, payload=b"", spoil=0, cut=None):
    """The first `cut` bytes of an ICMPv4 message; `spoil` makes its checksum wrong."""
    message = (struct.pack("!BBHHH", type_, 0, 0, 0x1234, 1) + payload)[:cut]
    return message[:2] + struct.pack("!H", checksum(message) ^ spoil) + message[4:]


def icmp6(source, destination, payload=b"", type_=ECHO6, spoil=0):
    """An ICMPv6 message with the checksum over its pseudo header."""
    head = struct.pack("!BBHHH", type_, 0, 0, 0x1234, 1)
    pseudo = address6(source) + address6(destination) + struct.pack("!II", len(head + payload), ICMPV6)
    return head[:2] + struct.pack("!H", checksum(pseudo + head + payload) ^ spoil) + head[4:] + payload


def ipv6(source, destination, next_header, payload):
    return struct.pack("!IHBB", 6 << 28, len(payload), next_header, 64) + address6(source) + address6(destination) + payload


def send_raw4(options):
    sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, ICMP)
    for type_ in options.types:
        message = icmp4(type_, b"\0" * options.size, 0x5555 if options.spoil else 0, options.cut)
        sender.sendto(message, (options.destination, 0))


def send_raw6(options):
    sender = socket.socket(socket.AF_INET6, socket.SOCK_RAW, ICMPV6)
    sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
    sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, 255)
    address = socket.getaddrinfo(options.destination, 0, socket.AF_INET6, socket.SOCK_DGRAM)[0][4]
    for type_ in options.types:
        body = struct.pack("!BBHI", type_, 0, 0, 0) + b"\0" * options.size
        sender.sendto(body[: options.cut], address)


def send_header4(options):
    """With the IP header in the user's hands; `ip_options` in hexadecimal."""
    extra = bytes.fromhex(options.ip_options)
    sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    for type_ in options.types:
        message = icmp4(type_, b"\0" * options.size)
        version = 0x45 + len(extra) // 4
        head = struct.pack("!BBHHHBBH", version, 0, 20 + len(extra) + len(message), 7, 0, 64, ICMP, 0)
        head += socket.inet_aton(options.source) + socket.inet_aton(options.destination) + extra
        sender.sendto(head + message, (options.destination, 0))


def send_header6(options):
    sender = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
    for type_ in options.types:
        message = icmp6(options.source, options.destination, b"\0" * options.size, type_)
        sender.sendto(ipv6(options.source, options.destination, ICMPV6, message), (options.destination, 0))


def join_group(options):
    """Joins and leaves an IPv6 group: the kernel tells the routers."""
    member = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    group = address6(options.group) + struct.pack("@I", socket.if_nametoindex(options.device))
    member.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group)
    time.sleep(0.2)
    member.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_LEAVE_GROUP, group)


class Wire:
    """A device, below the stack."""

    def __init__(self, options):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
        self.to = (options.device, 0x86DD, 0, 0, bytes.fromhex(options.mac.replace(":", "")))
        self.ends = (options.source, options.destination)

    def send(self, next_header, payload):
        self.socket.sendto(ipv6(*self.ends, next_header, payload), self.to)

    def echo(self, bytes_=0, spoil=0):
        return icmp6(*self.ends, bytes(index & 0xFF for index in range(bytes_)), spoil=spoil)


def split(message, id_, size=64, next_header=ICMPV6):
    """The fragments of a message, each `size` bytes but the last."""
    pieces = []
    for start in range(0, len(message), size):
        more = start + size < len(message)
        pieces.append(struct.pack("!BBHI", next_header, 0, start | more, id_) + message[start : start + size])
    return pieces


def inject_fragments(options):
    wire = Wire(options)
    message = wire.echo(200)
    # Each case has an identification of its own: what one leaves behind is not completed by the next.
    id_ = zlib.crc32(options.case.encode())
    first = split(message, id_)
    cases = {
        "ordered": first,
        "reversed": first[::-1],
        "duplicate": [first[0], first[0], first[1], first[1], *first[2:]],
        "missing": first[:1] + first[2:],
        "interleaved": [piece for pair in zip(first, split(wire.echo(210), id_ + 1)) for piece in pair],
        # The second one begins inside the first: RFC 5722 has the whole datagram dropped.
        "overlapping": [first[0], struct.pack("!BBHI", ICMPV6, 0, 32 | 1, id_) + message[32:96], *first[1:]],
        # An empty one, too, has the datagram dropped.
        "empty": [first[0], struct.pack("!BBHI", ICMPV6, 0, 64 | 1, id_), *first[1:]],
        "bodiless": [struct.pack("!BBHI", ICMPV6, 0, 0, id_)],
        # RFC 6946: a fragment that is the whole message.
        "atomic": [struct.pack("!BBHI", ICMPV6, 0, 0, id_) + message],
        "spoilt": split(wire.echo(200, spoil=0x5555), id_),
        "extended": split(bytes([ICMPV6, 0, 1, 4, 0, 0, 0, 0]) + message, id_, next_header=DESTINATION),
    }
    for piece in cases[options.case]:
        wire.send(FRAGMENT, piece)


def inject_extensions(options):
    """An echo request behind extension headers."""
    wire = Wire(options)
    padding = bytes([1, 4, 0, 0, 0, 0])

    def unknown_option(action):
        return bytes([action << 6 | 0x1E, 4, 0, 0, 0, 0])

    chains = {
        "hop-by-hop": [(HOP_BY_HOP, padding)],
        "hop-by-hop-late": [(DESTINATION, padding), (HOP_BY_HOP, padding)],
        "destination": [(DESTINATION, padding)],
        "padding-not-zero": [(DESTINATION, bytes([1, 4, 0, 1, 0, 0]))],
        "unknown-skip": [(DESTINATION, unknown_option(0))],
        "unknown-discard": [(DESTINATION, unknown_option(1))],
        "unknown-report": [(DESTINATION, unknown_option(2))],
        "unknown-hop-discard": [(HOP_BY_HOP, unknown_option(1))],
        "routing-done": [(ROUTING, bytes([9, 0, 0, 0, 0, 0]))],
        "routing-left": [(ROUTING, bytes([9, 1, 0, 0, 0, 0]))],
        # For mobile IPv6 alone, where the kernel was built with it.
        "routing-mobile": [(ROUTING, bytes([2, 0, 0, 0, 0, 0]))],
        "mobility": [(MOBILITY, bytes(6))],
    }
    packet, next_header = wire.echo(16), ICMPV6
    for kind, body in reversed(chains[options.case]):
        packet, next_header = bytes([next_header, 0]) + body + packet, kind
    wire.send(next_header, packet)


def inject_message(options):
    wire = Wire(options)
    message = icmp6(*wire.ends, b"\0" * options.size, options.types[0], 0x5555 if options.spoil else 0)
    wire.send(ICMPV6, message)


def parse_types(text):
    types = []
    for part in text.split(","):
        low, _, high = part.partition("-")
        types.extend(range(int(low), int(high or low) + 1))
    return types


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)

    def add_command(name, run, *arguments):
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        for argument in arguments:
            command.add_argument(argument)
        command.add_argument("--types", type=parse_types, default=[ECHO6])
        command.add_argument("--size", type=int, default=56)
        command.add_argument("--cut", type=int, help="send only the first CUT bytes")
        command.add_argument("--spoil", action="store_true", help="make the checksum wrong")
        command.add_argument("--ip-options", default="")

    wire = ("device", "mac", "source", "destination")
    add_command("raw4", send_raw4, "destination")
    add_command("raw6", send_raw6, "destination")
    add_command("header4", send_header4, "source", "destination")
    add_command("header6", send_header6, "source", "destination")
    add_command("join", join_group, "device", "group")
    add_command("fragments", inject_fragments, *wire, "case")
    add_command("extensions", inject_extensions, *wire, "case")
    add_command("inject6", inject_message, *wire)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
