//! The numbers of messages, parameters and values.
#![allow(missing_docs, reason = "each name is the standard's own")]

/// Versions as the header carries them.
pub const VERSION_1_0_1: u8 = 1;
pub const VERSION_1_1: u8 = 2;

/// Message types (section 16.1).
pub mod message {
    pub const GET_READER_CAPABILITIES: u16 = 1;
    pub const SET_READER_CONFIG: u16 = 3;
    pub const CLOSE_CONNECTION_RESPONSE: u16 = 4;
    pub const GET_READER_CAPABILITIES_RESPONSE: u16 = 11;
    pub const SET_READER_CONFIG_RESPONSE: u16 = 13;
    pub const CLOSE_CONNECTION: u16 = 14;
    pub const ADD_ROSPEC: u16 = 20;
    pub const DELETE_ROSPEC: u16 = 21;
    pub const START_ROSPEC: u16 = 22;
    pub const ENABLE_ROSPEC: u16 = 24;
    pub const ADD_ROSPEC_RESPONSE: u16 = 30;
    pub const DELETE_ROSPEC_RESPONSE: u16 = 31;
    pub const START_ROSPEC_RESPONSE: u16 = 32;
    pub const ENABLE_ROSPEC_RESPONSE: u16 = 34;
    pub const GET_SUPPORTED_VERSION: u16 = 46;
    pub const SET_PROTOCOL_VERSION: u16 = 47;
    pub const GET_SUPPORTED_VERSION_RESPONSE: u16 = 56;
    pub const SET_PROTOCOL_VERSION_RESPONSE: u16 = 57;
    pub const RO_ACCESS_REPORT: u16 = 61;
    pub const KEEPALIVE: u16 = 62;
    pub const READER_EVENT_NOTIFICATION: u16 = 63;
    pub const KEEPALIVE_ACK: u16 = 72;
    pub const ERROR_MESSAGE: u16 = 100;
    pub const CUSTOM_MESSAGE: u16 = 1_023;
}

/// Parameter types (section 16.2); below 128 they are encoded by type and value alone.
pub mod parameter {
    pub const ANTENNA_ID: u16 = 1;
    pub const FIRST_SEEN_UTC: u16 = 2;
    pub const FIRST_SEEN_UPTIME: u16 = 3;
    pub const LAST_SEEN_UTC: u16 = 4;
    pub const LAST_SEEN_UPTIME: u16 = 5;
    pub const PEAK_RSSI: u16 = 6;
    pub const CHANNEL_INDEX: u16 = 7;
    pub const TAG_SEEN_COUNT: u16 = 8;
    pub const ROSPEC_ID: u16 = 9;
    pub const EPC_96: u16 = 13;
    pub const UTC_TIMESTAMP: u16 = 128;
    pub const GENERAL_DEVICE_CAPABILITIES: u16 = 137;
    pub const GPIO_CAPABILITIES: u16 = 141;
    pub const ROSPEC: u16 = 177;
    pub const RO_BOUNDARY_SPEC: u16 = 178;
    pub const ROSPEC_START_TRIGGER: u16 = 179;
    pub const ROSPEC_STOP_TRIGGER: u16 = 182;
    pub const AI_SPEC: u16 = 183;
    pub const AI_SPEC_STOP_TRIGGER: u16 = 184;
    pub const INVENTORY_PARAMETER_SPEC: u16 = 186;
    pub const GPO_WRITE_DATA: u16 = 219;
    pub const KEEPALIVE_SPEC: u16 = 220;
    pub const ANTENNA_CONFIGURATION: u16 = 222;
    pub const EVENTS_AND_REPORTS: u16 = 226;
    pub const RO_REPORT_SPEC: u16 = 237;
    pub const TAG_REPORT_CONTENT_SELECTOR: u16 = 238;
    pub const TAG_REPORT_DATA: u16 = 240;
    pub const EPC_DATA: u16 = 241;
    pub const READER_EVENT_NOTIFICATION_SPEC: u16 = 244;
    pub const EVENT_NOTIFICATION_STATE: u16 = 245;
    pub const READER_EVENT_NOTIFICATION_DATA: u16 = 246;
    pub const ROSPEC_EVENT: u16 = 249;
    pub const REPORT_BUFFER_LEVEL_WARNING: u16 = 250;
    pub const REPORT_BUFFER_OVERFLOW: u16 = 251;
    pub const READER_EXCEPTION: u16 = 252;
    pub const ANTENNA_EVENT: u16 = 255;
    pub const CONNECTION_ATTEMPT_EVENT: u16 = 256;
    pub const CONNECTION_CLOSE_EVENT: u16 = 257;
    pub const LLRP_STATUS: u16 = 287;
    pub const C1G2_INVENTORY_COMMAND: u16 = 330;
    pub const C1G2_SINGULATION_CONTROL: u16 = 336;
    pub const CUSTOM: u16 = 1_023;
}

/// `StatusCode` of `LLRPStatus` (section 17.2.1).
pub mod status {
    pub const SUCCESS: u16 = 0;
    pub const FIELD_ERROR: u16 = 101;
    pub const UNSUPPORTED_MESSAGE: u16 = 109;
    pub const UNSUPPORTED_VERSION: u16 = 110;
}

/// Impinj's extensions.
pub mod impinj {
    /// Impinj's Private Enterprise Number at IANA.
    pub const VENDOR: u32 = 25_882;
    /// Messages: the reader speaks no extension before it is asked to.
    pub const ENABLE_EXTENSIONS: u8 = 21;
    pub const ENABLE_EXTENSIONS_RESPONSE: u8 = 22;
    /// Parameters.
    pub const TAG_REPORT_CONTENT_SELECTOR: u32 = 50;
    pub const ENABLE_RF_PHASE_ANGLE: u32 = 52;
    pub const ENABLE_PEAK_RSSI: u32 = 53;
    pub const RF_PHASE_ANGLE: u32 = 56;
    pub const PEAK_RSSI: u32 = 57;
    pub const ADVANCED_GPO_CONFIGURATION: u32 = 64;
    /// `ImpinjAdvancedGPOMode`: back to rest after the configured time, whatever the client does.
    pub const GPO_MODE_PULSED: u16 = 1;
}
