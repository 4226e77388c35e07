//! Who asks, by address.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::header::FORWARDED;
use http::{Extensions, HeaderMap};

/// The other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub IpAddr);

/// The address that stands for whoever asks. Behind a proxy it is the one that the proxy appended to
/// X-Forwarded-For: those before it are the client's own words. Of an IPv6 address the first 48 bits
/// count: anyone can have the whole rest, with 65,536 networks in it, for nothing.
pub(super) fn client_address(
    headers: &HeaderMap,
    extensions: &Extensions,
    behind_proxy: bool,
) -> Option<IpAddr> {
    let peer = extensions.get::<Peer>().map(|peer| peer.0);
    let forwarded = || {
        let value = headers.get_all("x-forwarded-for").iter().next_back()?;
        let last = value.to_str().ok()?.rsplit(',').next()?.trim();
        let with_port = || last.parse::<SocketAddr>().map(|address| address.ip());
        let bare = last.trim_start_matches('[').trim_end_matches(']');
        bare.parse().or_else(|_| with_port()).ok()
    };
    let address = if behind_proxy {
        forwarded().or(peer)
    } else {
        peer
    };
    address.map(network)
}

/// Whether the request comes from this machine or a private network, and through no proxy: whoever a
/// proxy lets through may be anybody.
pub(super) fn is_from_inside(headers: &HeaderMap, extensions: &Extensions) -> bool {
    let through_proxy = headers.contains_key("x-forwarded-for") || headers.contains_key(FORWARDED);
    let is_inside = |peer: &Peer| match peer.0.to_canonical() {
        IpAddr::V4(address) => {
            address.is_loopback() || address.is_private() || address.is_link_local()
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    };
    !through_proxy && extensions.get::<Peer>().is_some_and(is_inside)
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn asked(forwarded: &[&str], behind_proxy: bool) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let mut extensions = Extensions::new();
        extensions.insert(Peer("10.0.0.1".parse().unwrap()));
        client_address(&headers, &extensions, behind_proxy)
            .unwrap()
            .to_string()
    }

    #[test]
    fn only_what_the_proxy_appended_counts() {
        assert_eq!(asked(&["1.1.1.1, 203.0.113.9"], true), "203.0.113.9");
        assert_eq!(
            asked(&["1.1.1.1", "2.2.2.2,203.0.113.9"], true),
            "203.0.113.9"
        );
        assert_eq!(asked(&["1.1.1.1, 203.0.113.9:4711"], true), "203.0.113.9");
        for written in [
            "2001:db8:1:2:3:4:5:6",
            "[2001:db8:1:f::1]",
            "[2001:db8:1:f::1]:4711",
        ] {
            assert_eq!(asked(&[written], true), "2001:db8:1::", "{written}");
        }
        assert_eq!(asked(&["::ffff:203.0.113.9"], true), "203.0.113.9");
        assert_eq!(asked(&["nonsense"], true), "10.0.0.1");
        assert_eq!(asked(&["203.0.113.9"], false), "10.0.0.1");
    }

    #[test]
    fn inside_is_a_private_address_without_a_proxy() {
        let from = |peer: &str, forwarded: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(value) = forwarded {
                headers.append("x-forwarded-for", value.parse().unwrap());
            }
            let mut extensions = Extensions::new();
            extensions.insert(Peer(peer.parse().unwrap()));
            is_from_inside(&headers, &extensions)
        };
        for inside in [
            "127.0.0.1",
            "::1",
            "10.1.2.3",
            "::ffff:192.168.1.1",
            "fd00::1",
        ] {
            assert!(from(inside, None), "{inside}");
            assert!(!from(inside, Some("10.0.0.9")), "{inside}");
        }
        for outside in ["203.0.113.9", "2a00::1", "100.1.1.1"] {
            assert!(!from(outside, None), "{outside}");
        }
    }
}
