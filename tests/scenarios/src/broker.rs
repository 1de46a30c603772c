//! A real broker as a child process.

use std::process::{Child, Command, Stdio};

/// A broker; killed when dropped.
pub struct Broker(Child);

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Broker {
    /// Starts one at this port of the machine.
    ///
    /// # Errors
    /// When mosquitto is not installed.
    pub fn start(port: u16) -> anyhow::Result<Self> {
        let known = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto"];
        let program = known.into_iter().find(|path| std::path::Path::new(path).exists());
        let child = Command::new(program.unwrap_or("mosquitto"))
            .args(["-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self(child))
    }
}
