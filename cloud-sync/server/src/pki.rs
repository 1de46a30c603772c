//! Headquarters' own certificate authority: made on first use, issues the stores' certificates
//! and the server's own. EC P-256 throughout; keys are readable by their owner only.

use anyhow::{Context, Result};
use cloud_sync_store::Certificate;
use edge_domain::ids::{StoreId, mint};
use edge_domain::time::{Clock, Entropy, StoreTime};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType, SerialNumber, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// How long a store's certificate holds: renewed at a third, so that a store may be away for two
/// months.
const STORE_DAYS: i64 = 90;
/// How long the server's own holds; a new one is made at every start.
const SERVER_DAYS: i64 = 397;
/// How long the authority holds.
const CA_DAYS: i64 = 3_650;
/// What stands before a store's id in its certificate.
const URN: &str = "urn:outpost:store:";

/// The authority, ready to issue.
pub struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate with its key, as PEM.
pub struct Issued {
    /// The certificate.
    pub certificate_pem: String,
    /// Its key: a secret.
    pub key_pem: String,
    /// What headquarters remembers of it.
    pub record: Certificate,
}

impl Authority {
    /// Opens the authority in a folder, or makes one there.
    ///
    /// # Errors
    /// A folder that cannot be written, or files that are no certificate and key.
    pub fn open(dir: &Path, clock: &dyn Clock, entropy: &dyn Entropy) -> Result<Self> {
        let (certificate, key) = (dir.join("ca.crt"), dir.join("ca.key"));
        if !certificate.exists() {
            fs::create_dir_all(dir).with_context(|| format!("{}", dir.display()))?;
            let pair = KeyPair::generate()?;
            let mut params = params("Outpost headquarters", CA_DAYS, clock, entropy)?;
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
            let made = params.self_signed(&pair)?;
            // The key first: a certificate without its key would look like an authority.
            write_secret(&key, &pair.serialize_pem())?;
            write_public(&certificate, &made.pem())?;
        }
        let read =
            |path: &Path| fs::read_to_string(path).with_context(|| format!("{}", path.display()));
        let (pem, key_pem) = (read(&certificate)?, read(&key)?);
        let issuer = Issuer::from_ca_cert_pem(&pem, KeyPair::from_pem(&key_pem)?)
            .with_context(|| format!("{} is no authority's certificate", certificate.display()))?;
        Ok(Self { pem, issuer })
    }

    /// The authority's certificate, as PEM.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }

    /// A certificate for a store's appliance.
    ///
    /// # Errors
    /// Where making a key fails.
    pub fn issue(
        &self,
        store: StoreId,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<Issued> {
        let mut params = params(&store.to_string(), STORE_DAYS, clock, entropy)?;
        params.subject_alt_names = vec![SanType::URI(format!("{URN}{store}").try_into()?)];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let serial = params.serial_number.as_ref().map(SerialNumber::to_bytes).unwrap_or_default();
        let key = KeyPair::generate()?;
        let made = params.signed_by(&key, &self.issuer)?;
        let day_ms = 86_400_000;
        let not_after = StoreTime::from_millis(clock.now().as_millis() + STORE_DAYS * day_ms);
        let record = Certificate {
            serial: serial.iter().map(|byte| format!("{byte:02x}")).collect(),
            fingerprint: Sha256::digest(made.der()).into(),
            not_after,
        };
        Ok(Issued { certificate_pem: made.pem(), key_pem: key.serialize_pem(), record })
    }

    /// A certificate and key for the server itself, under these names and addresses.
    ///
    /// # Errors
    /// A name that is none.
    pub fn server(
        &self,
        names: &[String],
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>)> {
        let mut params = params("outpost-hq", SERVER_DAYS, clock, entropy)?;
        params.subject_alt_names = CertificateParams::new(names)?.subject_alt_names;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let key = KeyPair::generate()?;
        let made = params.signed_by(&key, &self.issuer)?;
        Ok((made.der().clone(), PrivatePkcs8KeyDer::from(key.serialize_der()).into()))
    }
}

/// Which store a certificate names; None for a certificate of something else.
#[must_use]
pub fn store_of(certificate: &CertificateDer<'_>) -> Option<StoreId> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let names = parsed.subject_alternative_name().ok()??;
    names.value.general_names.iter().find_map(|name| match name {
        x509_parser::extensions::GeneralName::URI(uri) => uri.strip_prefix(URN)?.parse().ok(),
        _ => None,
    })
}

fn params(
    name: &str,
    days: i64,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<CertificateParams> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from_slice(mint(clock, entropy).as_bytes()));
    let today = Timestamp::from_millisecond(clock.now().as_millis())?.to_zoned(TimeZone::UTC);
    let day = |days: i64| -> Result<_> {
        let date = today.date().checked_add(days.days())?;
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        Ok(date_time_ymd(date.year().into(), month, day))
    };
    // A box whose clock is a little behind still finds it valid.
    (params.not_before, params.not_after) = (day(-1)?, day(days + 1)?);
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// Writes a file that everybody may read.
///
/// # Errors
/// Where it cannot be written.
pub fn write_public(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("{}", path.display()))
}

/// Writes a new file that only its owner may read; never over an old one.
///
/// # Errors
/// Where it exists or cannot be written.
pub fn write_secret(path: &Path, text: &str) -> Result<()> {
    let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.with_context(|| format!("{}", path.display()))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(())
}
