//! Logs: one JSON object a line on stdout, or lines for people where stdout is a terminal.
//! Fields: `timestamp`, `level`, `service`, `trace_id`, `span_id`, `message`, `context`,
//! `duration_ms` where it is known.

use serde_json::{Map, Value, json};
use std::fmt;
use std::io::{IsTerminal, Write};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Registry};

struct Json {
    service: &'static str,
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), json!(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), json!(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), json!(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), json!(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), json!(value));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Json {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let message = fields.0.remove("message").unwrap_or_default();
        // Records of the `log` crate carry the paths of the machine that built us.
        fields.0.retain(|name, _| !name.starts_with("log."));
        let duration = fields.0.remove("duration_ms");
        let (mut trace, mut own) = (None, None);
        for span in context.event_scope(event).into_iter().flatten() {
            own.get_or_insert(span.id().into_u64());
            trace = Some(span.id().into_u64());
            if let Some(of_span) = span.extensions().get::<Fields>() {
                for (name, value) in &of_span.0 {
                    fields.0.entry(name.clone()).or_insert_with(|| value.clone());
                }
            }
        }
        let id = |id: Option<u64>| id.map(|id| format!("{id:016x}"));
        let mut line = json!({
            "timestamp": jiff::Timestamp::now().to_string(),
            "level": event.metadata().level().as_str(),
            "service": self.service,
            "trace_id": id(trace),
            "span_id": id(own),
            "message": message,
            "context": fields.0,
        });
        if let (Some(duration), Value::Object(line)) = (duration, &mut line) {
            line.insert("duration_ms".into(), duration);
        }
        // A log that cannot be written must not stop a sale.
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }
}

/// Starts logging for a service. `filter` is a level, or `tracing`'s directives.
pub fn start(service: &'static str, filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let quiet = ["refinery_core=warn", "sled=warn"].map(|quiet| quiet.parse());
    let filter = quiet.into_iter().flatten().fold(filter, EnvFilter::add_directive);
    let registry = Registry::default().with(filter);
    // Started twice (in tests): the first one stays.
    let _ = if std::io::stdout().is_terminal() {
        let people = tracing_subscriber::fmt::layer().with_target(false);
        registry.with(people).try_init()
    } else {
        registry.with(Json { service }).try_init()
    };
}
