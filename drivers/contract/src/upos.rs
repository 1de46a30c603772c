//! Numbers of UnifiedPOS 1.14 as JavaPOS spells them, so that integrators recognise what they see.
//!
//! Only what this house reports is listed. The names are the standard's; the source of each group
//! is the constants interface of `javapos-contracts` that its comment names.

// JposConst: ErrorCode of JposException and ErrorEvent (UnifiedPOS, chapter "Common", Errors).

/// Another owner has claimed the device for its exclusive use.
pub const JPOS_E_CLAIMED: u16 = 102;
/// The device cannot be used as asked: here, present but not permitted.
pub const JPOS_E_NOSERVICE: u16 = 104;
/// The request or its parameter is illegal for the device.
pub const JPOS_E_ILLEGAL: u16 = 106;
/// The device is not connected, or not powered on.
pub const JPOS_E_NOHARDWARE: u16 = 107;
/// The device is off-line.
pub const JPOS_E_OFFLINE: u16 = 108;
/// The device is connected, powered and on-line, yet cannot do what was asked.
pub const JPOS_E_FAILURE: u16 = 111;
/// No response from the device in the time that the work needs.
pub const JPOS_E_TIMEOUT: u16 = 112;
/// A device-class specific error; the extended code says which.
pub const JPOS_E_EXTENDED: u16 = 114;

// JposConst: PowerState property and StatusUpdateEvent (UnifiedPOS, "Power Reporting").

/// The power state is not known.
pub const JPOS_PS_UNKNOWN: u16 = 2000;
/// Powered on and ready.
pub const JPOS_PS_ONLINE: u16 = 2001;
/// Powered off or detached.
pub const JPOS_PS_OFF: u16 = 2002;
/// Powered on but not ready or not answering.
pub const JPOS_PS_OFFLINE: u16 = 2003;
/// Off or off-line; the line cannot tell which.
pub const JPOS_PS_OFF_OFFLINE: u16 = 2004;

// JposConst: ErrorEvent, ErrorLocus.

/// The error happened during asynchronous output.
pub const JPOS_EL_OUTPUT: u8 = 1;
/// The error happened during input, and no input is waiting.
pub const JPOS_EL_INPUT: u8 = 2;
/// The error happened during input, and earlier input is waiting.
pub const JPOS_EL_INPUT_DATA: u8 = 3;

// POSPrinterConst: StatusUpdateEvent and extended error codes (UnifiedPOS, "POS Printer").

/// The printer's cover is open.
pub const PTR_SUE_COVER_OPEN: u16 = 11;
/// The printer's cover is closed.
pub const PTR_SUE_COVER_OK: u16 = 12;
/// The receipt station has no paper.
pub const PTR_SUE_REC_EMPTY: u16 = 24;
/// The receipt station is low on paper.
pub const PTR_SUE_REC_NEAREMPTY: u16 = 25;
/// The receipt station has paper.
pub const PTR_SUE_REC_PAPEROK: u16 = 26;
/// Extended code beside [`JPOS_E_EXTENDED`]: the cover is open.
pub const JPOS_EPTR_COVER_OPEN: u16 = 201;
/// Extended code beside [`JPOS_E_EXTENDED`]: the receipt station is out of paper.
pub const JPOS_EPTR_REC_EMPTY: u16 = 203;

// CashDrawerConst: StatusUpdateEvent (UnifiedPOS, "Cash Drawer").

/// The drawer is closed.
pub const CASH_SUE_DRAWERCLOSED: u16 = 0;
/// The drawer is open.
pub const CASH_SUE_DRAWEROPEN: u16 = 1;

// ScannerConst: ScanDataType property (UnifiedPOS, "Scanner (Bar Code Reader)").

/// The scanner did not say.
pub const SCAN_SDT_UNKNOWN: u16 = 0;
/// EAN-8 or JAN-8.
pub const SCAN_SDT_EAN8: u16 = 103;
/// EAN-13 or JAN-13; scanners send UPC-A as EAN-13 with a leading zero.
pub const SCAN_SDT_EAN13: u16 = 104;
/// Interleaved 2 of 5, ITF-14 among it.
pub const SCAN_SDT_ITF: u16 = 106;
/// Codabar.
pub const SCAN_SDT_CODABAR: u16 = 107;
/// Code 39.
pub const SCAN_SDT_CODE39: u16 = 108;
/// Code 93.
pub const SCAN_SDT_CODE93: u16 = 109;
/// Code 128 without a meaning by GS1.
pub const SCAN_SDT_CODE128: u16 = 110;
/// EAN-13 with a supplement of 2 or 5 digits.
pub const SCAN_SDT_EAN13_S: u16 = 119;
/// GS1-128, once called EAN-128.
pub const SCAN_SDT_EAN128: u16 = 120;
/// GS1 DataBar.
pub const SCAN_SDT_GS1DATABAR: u16 = 131;
/// PDF417.
pub const SCAN_SDT_PDF417: u16 = 201;
/// MaxiCode.
pub const SCAN_SDT_MAXICODE: u16 = 202;
/// Data Matrix.
pub const SCAN_SDT_DATAMATRIX: u16 = 203;
/// QR Code.
pub const SCAN_SDT_QRCODE: u16 = 204;
/// Aztec.
pub const SCAN_SDT_AZTEC: u16 = 206;
/// GS1 `DataMatrix` (since 1.14).
pub const SCAN_SDT_GS1DATAMATRIX: u16 = 208;
/// GS1 QR Code (since 1.14).
pub const SCAN_SDT_GS1QRCODE: u16 = 209;
/// A symbology that UnifiedPOS has no number for.
pub const SCAN_SDT_OTHER: u16 = 501;

// ScaleConst: StatusUpdateEvent (UnifiedPOS, "Scale").

/// The weight stands still.
pub const SCAL_SUE_STABLE_WEIGHT: u16 = 11;
/// The load moves.
pub const SCAL_SUE_WEIGHT_UNSTABLE: u16 = 12;
/// Nothing is on the scale.
pub const SCAL_SUE_WEIGHT_ZERO: u16 = 13;
/// More than the scale can weigh.
pub const SCAL_SUE_WEIGHT_OVERWEIGHT: u16 = 14;
/// The scale does not weigh yet.
pub const SCAL_SUE_NOT_READY: u16 = 15;
/// Less than nothing.
pub const SCAL_SUE_WEIGHT_UNDER_ZERO: u16 = 16;
