//! The words for what can be played, in the settings (`sim://WORD`) and in a shell
//! (`outpost device sim WORD`).

use clap::ValueEnum;

/// What can be played here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SimClass {
    /// A scanner on a serial line
    Scanner,
    /// A scanner in the network
    ScannerTcp,
    /// A scanner that types
    Wedge,
    /// A scanner that speaks HID-POS
    Hid,
    /// A scale, Toledo 8217
    Scale,
    /// A scale, Dialog 06
    ScaleDialog06,
    /// A customer display, CD5220
    #[value(alias = "line-display")]
    Display,
    /// A bump bar
    #[value(alias = "bump-bar")]
    Bumpbar,
    /// A receipt printer in the network
    #[value(alias = "pos-printer")]
    Printer,
    /// A label printer in the network, ZPL
    LabelPrinter,
    /// A card terminal that speaks ZVT
    Zvt,
    /// The simulated card terminal
    Terminal,
    /// An RFID reader at a gate, LLRP
    #[value(alias = "rfid-scanner")]
    Rfid,
    /// An RFID reader at a gate that publishes on a broker
    RfidMqtt,
    /// A lamp on a line of the appliance's own, in the settings only
    #[value(alias = "lights")]
    Lamp,
}

/// Where a class's driver finds its twin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlet {
    /// Behind a pseudo-terminal.
    Line,
    /// At an address where the twin listens.
    Network,
    /// At a broker that is named.
    Broker,
    /// Within the daemon.
    Within,
}

impl SimClass {
    /// The class of a word; the words are those of the shell.
    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::from_str(word, false).ok()
    }

    /// Its own word.
    pub(crate) fn word(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Every word, for people.
    pub(crate) fn words() -> String {
        let words: Vec<String> = Self::value_variants().iter().map(|class| class.word()).collect();
        words.join(", ")
    }

    /// The scheme of the URI that its driver opens.
    pub(crate) const fn scheme(self) -> &'static str {
        match self {
            Self::Scanner => "serial",
            Self::ScannerTcp => "tcp",
            Self::Wedge => "evdev",
            Self::Hid => "hid",
            Self::Scale | Self::ScaleDialog06 => "scale+serial",
            Self::Display => "display+serial",
            Self::Bumpbar => "bumpbar+evdev",
            Self::Printer => "escpos+tcp",
            Self::LabelPrinter => "zpl+tcp",
            Self::Zvt => "zvt",
            Self::Terminal => "sim-terminal",
            Self::Rfid => "llrp",
            Self::RfidMqtt => "mqtt",
            Self::Lamp => "gpio",
        }
    }

    /// What its URI says where the settings do not.
    pub(crate) const fn usual(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Scale => Some(("protocol", "toledo8217")),
            Self::ScaleDialog06 => Some(("protocol", "dialog06")),
            Self::Display => Some(("protocol", "cd5220")),
            Self::RfidMqtt => Some(("format", "impinj")),
            // Paper as wide as the driver believes, whatever its profile says.
            Self::Printer => Some(("columns", "42")),
            _ => None,
        }
    }

    pub(crate) const fn outlet(self) -> Outlet {
        match self {
            Self::Scanner
            | Self::Wedge
            | Self::Hid
            | Self::Scale
            | Self::ScaleDialog06
            | Self::Display
            | Self::Bumpbar => Outlet::Line,
            Self::ScannerTcp
            | Self::Printer
            | Self::LabelPrinter
            | Self::Zvt
            | Self::Terminal
            | Self::Rfid => Outlet::Network,
            Self::RfidMqtt => Outlet::Broker,
            Self::Lamp => Outlet::Within,
        }
    }
}
