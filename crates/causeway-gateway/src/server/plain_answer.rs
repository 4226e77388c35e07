//! Answers to those who never become a request.

use tokio::net::TcpStream;

/// Refuses a connection. The answer fits into the socket's buffer, and nobody waits for it to arrive.
pub(super) fn too_many_connections(stream: &TcpStream) {
    write(
        stream,
        "503 Service Unavailable",
        "Retry-After: 2\r\n",
        r#"{"error":{"code":"overloaded","message":"the gateway has more connections than it can take; try again in a few seconds"}}"#,
    );
}

/// Refuses plain HTTP where TLS is spoken.
pub(super) fn speaks_tls(stream: &TcpStream) {
    write(
        stream,
        "400 Bad Request",
        "",
        r#"{"error":{"code":"tls_required","message":"this port speaks TLS: write https:// in front of the gateway's address"}}"#,
    );
}

fn write(stream: &TcpStream, status: &str, headers: &str, body: &str) {
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}Connection: close\r\n\r\n{body}"
    );
    let _ = stream.try_write(answer.as_bytes());
    // What the client has sent so far is read: to close over it would reset the connection, and
    // the answer would be lost.
    let _ = stream.try_read(&mut [0; 16 * 1024]);
}
