"""What all captures are made with: addresses, and messages that scapy has no layer for."""
import struct

from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6, in6_chksum
from scapy.packet import Raw
from scapy.utils import checksum

A4, B4 = "192.0.2.1", "198.51.100.2"
A6, B6 = "2001:db8::1", "2001:db8:1::2"
LINK6 = "fe80::1"

udp4 = IP(src=B4, dst=A4, ttl=3, id=77, tos=8) / UDP(sport=5353, dport=517) / Raw(b"talk" * 10)
udp6 = IPv6(src=B6, dst=A6, hlim=3, tc=8) / UDP(sport=5353, dport=517) / Raw(b"talk" * 10)


def icmp(message, **ip):
    return IP(src=A4, dst=B4, **ip) / message


def icmp6(message, src=A6, dst=B6, **ip):
    return IPv6(src=src, dst=dst, **ip) / message


def raw4(type_, code, body, **ip):
    """A message of any type, `body` behind its checksum."""
    total = checksum(struct.pack("!BBH", type_, code, 0) + body)
    return IP(src=A4, dst=B4, proto=1, **ip) / Raw(struct.pack("!BBH", type_, code, total) + body)


def raw6(type_, code, body, src=A6, dst=B6, **ip):
    packet = IPv6(src=src, dst=dst, nh=58, **ip) / Raw(struct.pack("!BBH", type_, code, 0) + body)
    total = in6_chksum(58, packet, bytes(packet[Raw]))
    return IPv6(src=src, dst=dst, nh=58, **ip) / Raw(struct.pack("!BBH", type_, code, total) + body)


def structure(*objects, version=2, total=None):
    """RFC 4884, section 7."""
    head = bytes([version << 4, 0])
    data = b"".join(objects)
    if total is None:
        total = checksum(head + b"\0\0" + data)
    return head + struct.pack("!H", total) + data


def extension_object(class_, ctype, payload=b""):
    return struct.pack("!HBB", 4 + len(payload), class_, ctype) + payload
