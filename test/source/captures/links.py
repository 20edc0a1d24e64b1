"""Packets into captures: link layers, snap lengths, both formats."""
import struct

from scapy.contrib.macsec import MACsec
from scapy.contrib.mpls import MPLS
from scapy.layers.l2 import Dot1AD, Dot1Q, Ether
from scapy.layers.ppp import PPP, PPPoE
from scapy.packet import Raw
from scapy.utils import PcapNgWriter

DLT_NULL, DLT_ETHERNET, DLT_PPP, DLT_RAW, DLT_LOOP, DLT_SLL = 0, 1, 9, 101, 108, 113
DLT_IPV4, DLT_IPV6, DLT_SLL2, DLT_80211 = 228, 229, 276, 105
SECOND = 1_700_000_000
MICROSECONDS, NANOSECONDS = 0xA1B2C3D4, 0xA1B23C4D


def write(path, link_type, packets, snaplen=262144, magic=NANOSECONDS, order="<"):
    """Each packet a millisecond and a nanosecond after the one before. A pair: packet, bytes to keep of it."""
    with open(path, "wb") as file:
        file.write(struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, snaplen, link_type))
        for index, packet in enumerate(packets):
            packet, kept = packet if isinstance(packet, tuple) else (packet, snaplen)
            data = bytes(packet)
            second, step = divmod(index, 1000)
            fraction = step * 1_000_000 + step if magic == NANOSECONDS else step * 1000 + 1
            head = struct.pack(f"{order}IIII", SECOND + second, fraction, len(data[:kept]), len(data))
            file.write(head + data[:kept])


def write_big_endian_ng(path, link_type, packets):
    """By hand: the other byte order, and times in nanoseconds."""

    def block(type_, body):
        body = body.ljust(-(-len(body) // 4) * 4, b"\0")
        length = struct.pack(">I", 12 + len(body))
        return struct.pack(">I", type_) + length + body + length

    with open(path, "wb") as file:
        file.write(block(0x0A0D0D0A, struct.pack(">IHHq", 0x1A2B3C4D, 1, 0, -1)))
        file.write(block(1, struct.pack(">HHIHHBxxxHH", link_type, 0, 0, 9, 1, 9, 0, 0)))
        for index, packet in enumerate(packets):
            data = bytes(packet)
            time = SECOND * 10**9 + index * 1_000_001
            head = struct.pack(">IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(data), len(data))
            file.write(block(6, head + data))


def write_ng(path, packets):
    writer = PcapNgWriter(path)
    for index, packet in enumerate(packets):
        packet.time = SECOND + index / 1000
        writer.write(packet)
    writer.close()


def ethernet(packet, *tags):
    frame = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
    for tag in tags:
        frame = frame / tag
    return frame / packet


def ether_type(packet):
    return 0x86DD if packet.version == 6 else 0x0800


def tagged(packet):
    return ethernet(packet, Dot1Q(vlan=5))


def twice_tagged(packet):
    return ethernet(packet, Dot1AD(vlan=6), Dot1Q(vlan=5, prio=3))


def old_twice_tagged(packet):
    return ethernet(packet, Dot1Q(type=0x9100, vlan=6), Dot1Q(vlan=7), Dot1Q(vlan=5))


def labelled(packet):
    return ethernet(packet, MPLS(label=100, s=0, ttl=9), MPLS(label=200, s=1, ttl=9))


def in_session(packet):
    return ethernet(packet, PPPoE(sessionid=7), PPP(proto=0x57 if packet.version == 6 else 0x21))


def secured(packet):
    """IEEE 802.1AE without encryption, a channel identifier in front of the packet."""
    tag = MACsec(SCI=b"\x02\0\0\0\0\x01\0\x01", SC=1, E=0, C=0, shortlen=0, type=ether_type(packet))
    return Raw(bytes(ethernet(tag / packet)) + bytes(16))


def point_to_point(packet):
    return struct.pack("!BBH", 0xFF, 3, 0x57 if packet.version == 6 else 0x21) + bytes(packet)


def cooked(packet, version, packet_type, tag=None):
    address = bytes([2, 0, 0, 0, 0, 1, 0, 0])
    protocol = ether_type(packet) if tag is None else 0x8100
    data = bytes(packet) if tag is None else struct.pack("!HH", tag, ether_type(packet)) + bytes(packet)
    if version == 1:
        return struct.pack("!HHH8sH", packet_type, 1, 6, address, protocol) + data
    return struct.pack("!HHIHBB8s", protocol, 0, 42, 1, packet_type, 6, address) + data


def family(packet, order, number6=24):
    return struct.pack(f"{order}I", number6 if packet.version == 6 else 2) + bytes(packet)
