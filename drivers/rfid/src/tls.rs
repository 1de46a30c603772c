//! TLS around a port (LLRP over port 5085).

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use drivers_contract::{Fault, FaultCode, TlsOptions};
use drivers_port::Port;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

/// How long a reader may take for its handshake; small ones have slow processors.
const HANDSHAKE_WAIT: Duration = Duration::from_secs(3);

/// A port with TLS on it.
pub struct TlsPort {
    inner: Box<dyn Port>,
    tls: ClientConnection,
}

/// The port as `std::io` sees it: what is not there yet would block.
struct Wire<'a> {
    port: &'a mut dyn Port,
    wait: Duration,
}

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.port.read(buffer, self.wait) {
            Ok(0) => Err(io::ErrorKind::WouldBlock.into()),
            Ok(count) => Ok(count),
            Err(fault) => Err(io::Error::new(io::ErrorKind::NotConnected, fault)),
        }
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.port.write(bytes, self.wait) {
            Ok(0) => Err(io::ErrorKind::WouldBlock.into()),
            Ok(count) => Ok(count),
            Err(fault) => Err(io::Error::new(io::ErrorKind::NotConnected, fault)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TlsPort {
    /// Greets the reader as a TLS client and checks its certificate against the authority.
    ///
    /// # Errors
    /// `NotPermitted` where the certificate is not of the authority; `Failure` without one.
    pub fn client(inner: Box<dyn Port>, host: &str, options: &TlsOptions) -> Result<Self, Fault> {
        let failed = |what: String| Fault::new(FaultCode::Failure, what);
        let Some(ca) = &options.ca else {
            return Err(failed("TLS needs ca=, the file of the reader's authority".into()));
        };
        let unread = |error: &dyn std::fmt::Display| failed(format!("{}: {error}", ca.display()));
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(ca).map_err(|error| unread(&error))? {
            let certificate = certificate.map_err(|error| unread(&error))?;
            roots.add(certificate).map_err(|error| unread(&error))?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(host.to_owned()).map_err(|e| failed(e.to_string()))?;
        let tls = ClientConnection::new(Arc::new(config), name);
        let tls = tls.map_err(|error| failed(error.to_string()))?;
        let mut port = Self { inner, tls };
        port.handshake()?;
        Ok(port)
    }

    fn handshake(&mut self) -> Result<(), Fault> {
        let end = Instant::now() + HANDSHAKE_WAIT;
        while self.tls.is_handshaking() {
            if Instant::now() > end {
                return Err(Fault::new(FaultCode::Timeout, "the reader does not greet in TLS"));
            }
            self.flush(Duration::from_millis(200))?;
            self.fill(Duration::from_millis(50))?;
        }
        self.flush(Duration::from_millis(200))
    }

    /// Takes what is on the wire; answers whether anything was.
    fn fill(&mut self, wait: Duration) -> Result<bool, Fault> {
        match self.tls.read_tls(&mut Wire { port: &mut *self.inner, wait }) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(Fault::from_io("read", &error)),
        }
        if let Err(error) = self.tls.process_new_packets() {
            let _ = self.flush(Duration::from_millis(50)); // the alert that says why
            let code = match error {
                rustls::Error::InvalidCertificate(_) => FaultCode::NotPermitted,
                _ => FaultCode::Protocol,
            };
            return Err(Fault::new(code, format!("TLS: {error}")));
        }
        Ok(true)
    }

    fn flush(&mut self, wait: Duration) -> Result<(), Fault> {
        while self.tls.wants_write() {
            match self.tls.write_tls(&mut Wire { port: &mut *self.inner, wait }) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(Fault::from_io("write", &error)),
            }
        }
        Ok(())
    }
}

impl Port for TlsPort {
    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> Result<usize, Fault> {
        self.flush(Duration::ZERO)?;
        for wait in [Duration::ZERO, timeout] {
            match self.tls.reader().read(buffer) {
                Ok(0) => return Err(Fault::new(FaultCode::Offline, "the reader hung up")),
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(Fault::from_io("read", &error)),
            }
            self.fill(wait)?;
        }
        match self.tls.reader().read(buffer) {
            Ok(0) => Err(Fault::new(FaultCode::Offline, "the reader hung up")),
            Ok(count) => Ok(count),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            Err(error) => Err(Fault::from_io("read", &error)),
        }
    }

    fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<usize, Fault> {
        self.flush(timeout)?;
        let count = self.tls.writer().write(bytes).map_err(|e| Fault::from_io("write", &e))?;
        self.flush(timeout)?;
        Ok(count)
    }
}
