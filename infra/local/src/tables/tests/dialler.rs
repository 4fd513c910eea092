//! An HTTP client of a few lines: it dials, sends, reads to the end. The house has no other.

use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream,
};

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use http::Uri;

#[derive(Clone, Debug)]
pub(super) struct Dialler;

impl HttpClient for Dialler {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Dialler {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(async move {
            let outcome = tokio::task::spawn_blocking(move || exchange(&request)).await;
            outcome.map_err(io::Error::other).flatten().map_err(|e| ConnectorError::io(e.into()))
        })
    }
}

fn exchange(request: &HttpRequest) -> io::Result<HttpResponse> {
    let uri: Uri = request.uri().parse().map_err(io::Error::other)?;
    let host = uri.authority().ok_or(io::ErrorKind::InvalidInput)?;
    let mut stream = TcpStream::connect(host.as_str())?;
    write!(stream, "POST {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n", uri.path())?;
    for (name, value) in request.headers() {
        write!(stream, "{name}: {value}\r\n")?;
    }
    stream.write_all(b"\r\n")?;
    stream.write_all(request.body().bytes().unwrap_or_default())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;

    let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let status: u16 = head.get(9..12).unwrap_or_default().parse().map_err(io::Error::other)?;
    let status = StatusCode::try_from(status).map_err(io::Error::other)?;
    Ok(HttpResponse::new(status, SdkBody::from(body)))
}
