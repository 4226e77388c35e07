//! What kind of network an IP address belongs to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What kind of network an IP address belongs to; the texts complete "is a … address".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The internet.
    Public,
    /// This machine.
    Loopback,
    /// A network that outsiders have no business with.
    Private(&'static str),
    /// No API stands there: the address names no host, or a cloud's metadata service.
    Never(&'static str),
}

/// What kind of network `address` belongs to, by the special-purpose registries of RFC 6890. An IPv6
/// address that carries an IPv4 address is judged by that one.
pub fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        // AWS and most others; Alibaba; Oracle; Azure's host agent.
        [169, 254, 169, 254] | [100, 100, 100, 200] | [192, 0, 0, 192] | [168, 63, 129, 16] => {
            Reach::Never("cloud metadata")
        }
        [0, ..] => Reach::Never("unspecified"),
        [224..=239, ..] => Reach::Never("multicast"),
        [240..=255, ..] => Reach::Never("reserved or broadcast"),
        [127, ..] => Reach::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Reach::Private("private"),
        [100, 64..=127, ..] => Reach::Private("carrier-grade NAT"),
        [169, 254, ..] => Reach::Private("link-local"),
        [192, 0, 0, _] => Reach::Private("protocol"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Reach::Private("documentation"),
        [198, 18..=19, ..] => Reach::Private("benchmarking"),
        _ => Reach::Public,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    if address.is_unspecified() {
        return Reach::Never("unspecified");
    }
    if address.is_loopback() {
        return Reach::Loopback;
    }
    if let Some(carried) = carried_v4(address) {
        return match reach_v4(carried) {
            // Only the plain forms count as this machine.
            Reach::Loopback => Reach::Private("loopback"),
            other => other,
        };
    }
    match address.segments() {
        [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254] => Reach::Never("cloud metadata"),
        [0xff00..=0xffff, ..] => Reach::Never("multicast"),
        [0xfe80..=0xfebf, ..] => Reach::Private("link-local"),
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Reach::Private("private"),
        [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => Reach::Private("documentation"),
        [0x2001, 0..=0x01ff, ..] => Reach::Private("protocol"),
        [0x2000..=0x3fff, ..] => Reach::Public,
        _ => Reach::Private("reserved"),
    }
}

/// The IPv4 address inside a mapped, compatible, NAT64 or 6to4 address.
fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let (high, low) = match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x0064, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => (high, low),
        _ => return None,
    };
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    Some(Ipv4Addr::new(a, b, c, d))
}
