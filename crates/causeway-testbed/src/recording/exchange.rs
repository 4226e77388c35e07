//! One exchange with a vendor.

use hyper::body::Bytes;

/// A request and its answer, whole, with the secrets that are in them.
#[derive(Clone)]
pub struct Exchange {
    /// What the vendor was asked. Its address may be a whole one, or path and query alone.
    pub request: http::Request<Bytes>,
    /// What the vendor answered.
    pub answer: http::Response<Bytes>,
}
