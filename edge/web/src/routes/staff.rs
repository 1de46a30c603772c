//! Who works here, who is signed in, and what somebody allows once.

use crate::Api;
use crate::post::{Identity, Post, Secret, Who, id, parse};
use crate::problem::Problem;
use crate::routes::orders::Empty;
use crate::shapes::{Role, Staff, time};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use edge_app::{
    APPROVAL_MS, Caller, NewStaff, ShopError, StaffChange, Tried, Try, add_staff, approve_once,
    change_role, change_staff, hash_pin, hash_to_try, is_pin_of, rights_of, sign_in, sign_out,
    unlock_staff,
};
use edge_domain::StoreTime;
use edge_domain::ids::StaffId;
use edge_domain::item::TerminalId;
use edge_domain::staff::{self, Permission, Rights};
use edge_domain::tax::TaxRate;
use edge_ledger::Command;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// PINs that are checked at once: each costs 19 MiB and most of a core.
static CHECKS: Semaphore = Semaphore::const_new(2);

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(people, add))
        .routes(routes!(change_person))
        .routes(routes!(unlock))
        .routes(routes!(roles))
        .routes(routes!(edit_role))
        .routes(routes!(open_session, end_session))
        .routes(routes!(leave))
        .routes(routes!(approve))
}

/// Everybody.
#[derive(Debug, Serialize, ToSchema)]
pub struct People {
    /// By name; those who left too.
    pub staff: Vec<Staff>,
}

/// Every role.
#[derive(Debug, Serialize, ToSchema)]
pub struct Roles {
    /// The least first.
    pub roles: Vec<Role>,
}

/// Somebody new.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPerson {
    /// What sales call them.
    name: String,
    /// `kitchen`, `cashier`, `supervisor`, `manager` or `owner`.
    role: String,
    /// 4 to 12 digits.
    pin: String,
    /// Their language, as in `de-DE`.
    #[serde(default)]
    locale: Option<String>,
}

/// What changes about somebody; what is not said stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PersonChange {
    /// Another name.
    name: Option<String>,
    /// Another role.
    role: Option<String>,
    /// Another PIN.
    pin: Option<String>,
    /// Whether they may sign in.
    active: Option<bool>,
    /// Another language; empty for the store's.
    locale: Option<String>,
}

/// What a role may from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RoleChange {
    /// All that it may.
    permissions: Vec<String>,
    /// The most that a discount may be, as a decimal per cent.
    discount_max: String,
}

/// Who signs in where.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSession {
    /// Their id.
    staff: String,
    /// Their PIN.
    pin: String,
    /// The terminal.
    terminal: String,
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// `Authorization: Bearer TOKEN` with each request. It is told once.
    pub token: String,
    /// Who.
    pub staff: Staff,
    /// Where.
    pub terminal: String,
    /// What they may.
    pub rights: Role,
    /// After how many minutes without a touch it ends.
    pub idle_minutes: i64,
}

/// Who allows what once.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewOverride {
    /// Whoever allows it.
    staff: String,
    /// Their PIN.
    pin: String,
    /// The permission, as in `discount`.
    permission: String,
    /// Why.
    reason: String,
}

/// What was allowed once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Override {
    /// `Outpost-Override: TOKEN` with the one request that it is for. It is told once.
    pub token: String,
    /// Until when.
    pub expires_at: String,
}

/// Everybody who works here, or did.
#[utoipa::path(get, path = "/staff", responses((status = 200, body = People)))]
pub(crate) async fn people(State(api): State<Api>) -> Result<Json<People>, Problem> {
    let now = api.now();
    let staff = api.read(move |view| {
        let all = view.all_staff()?;
        all.iter().map(|staff| Ok(Staff::of(staff, view.lock(staff.id)?, now))).collect()
    });
    Ok(Json(People { staff: staff.await? }))
}

/// Somebody begins to work here. With the first, everything asks for a sign-in.
#[utoipa::path(post, path = "/staff", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewPerson,
    responses((status = 201, body = Staff), (status = "4XX", body = Problem)))]
pub(crate) async fn add(
    State(api): State<Api>,
    secret: Secret<NewPerson>,
) -> Result<(StatusCode, Json<Staff>), Problem> {
    let NewPerson { name, role, pin, locale } = secret.body;
    let said = [name.as_str(), role.as_str(), locale.as_deref().unwrap_or_default()];
    let identity = without_pin("/staff", &said, secret.key.as_deref(), secret.caller);
    let role = role_named(&role)?;
    let new = NewStaff { name, role, pin: hashed(&api, pin).await?, locale };
    let staff = api.run(identity, move |desk| {
        let staff = add_staff(desk, new)?;
        Ok(Staff::of(&staff, desk.view().lock(staff.id)?, desk.now()))
    });
    Ok((StatusCode::CREATED, Json(staff.await?)))
}

/// Changes somebody.
#[utoipa::path(post, path = "/staff/{id}", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = PersonChange,
    responses((status = 200, body = Staff), (status = "4XX", body = Problem)))]
pub(crate) async fn change_person(
    State(api): State<Api>,
    path: Path<String>,
    secret: Secret<PersonChange>,
) -> Result<Json<Staff>, Problem> {
    let id: StaffId = id(&path)?;
    let PersonChange { name, role, pin, active, locale } = secret.body;
    let said = format!("{name:?} {role:?} {} {active:?} {locale:?}", pin.is_some());
    let place = format!("/staff/{id}");
    let identity = without_pin(&place, &[&said], secret.key.as_deref(), secret.caller);
    let pin = match pin {
        Some(pin) => Some(hashed(&api, pin).await?),
        None => None,
    };
    let role = role.as_deref().map(role_named).transpose()?;
    let change = StaffChange { name, role, pin, active, locale: locale.map(Some) };
    let staff = api.run(identity, move |desk| {
        let staff = change_staff(desk, id, change)?;
        Ok(Staff::of(&staff, desk.view().lock(id)?, desk.now()))
    });
    Ok(Json(staff.await?))
}

/// Lets somebody try their PIN again.
#[utoipa::path(post, path = "/staff/{id}/unlock", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 200, body = Staff), (status = "4XX", body = Problem)))]
pub(crate) async fn unlock(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Empty>,
) -> Result<Json<Staff>, Problem> {
    let id: StaffId = id(&path)?;
    let staff = api.run(post.identity, move |desk| {
        let staff = unlock_staff(desk, id)?;
        Ok(Staff::of(&staff, desk.view().lock(id)?, desk.now()))
    });
    Ok(Json(staff.await?))
}

/// What each role may.
#[utoipa::path(get, path = "/roles", responses((status = 200, body = Roles)))]
pub(crate) async fn roles(State(api): State<Api>) -> Result<Json<Roles>, Problem> {
    let roles = api.read(|view| {
        let all = staff::Role::NAMES.iter();
        all.map(|(role, _)| Ok(Role::of(*role, &rights_of(view, *role)?))).collect()
    });
    Ok(Json(Roles { roles: roles.await? }))
}

/// Changes what a role may.
#[utoipa::path(post, path = "/roles/{role}", params(("role" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = RoleChange,
    responses((status = 200, body = Role), (status = "4XX", body = Problem)))]
pub(crate) async fn edit_role(
    State(api): State<Api>,
    Path(role): Path<String>,
    post: Post<RoleChange>,
) -> Result<Json<Role>, Problem> {
    let role = role_named(&role)?;
    let permissions = post.body.permissions.iter().map(|name| permission_named(name));
    let bound: Result<TaxRate, _> = post.body.discount_max.parse();
    let bound = bound.map_err(|_| Problem::invalid("The bound is a per cent, as in 12.5."))?;
    let permissions = permissions.collect::<Result<_, _>>()?;
    let rights = Rights { permissions, discount_max: bound.thousandths() };
    let changed = api.run(post.identity, move |desk| {
        change_role(desk, role, &rights)?;
        Ok(Role::of(role, &rights))
    });
    Ok(Json(changed.await?))
}

/// Signs somebody in at a terminal. An idempotency key does nothing here: a token is told once.
#[utoipa::path(post, path = "/sessions", request_body = NewSession,
    responses((status = 201, body = Session), (status = "4XX", body = Problem)))]
pub(crate) async fn open_session(
    State(api): State<Api>,
    secret: Secret<NewSession>,
) -> Result<(StatusCode, Json<Session>), Problem> {
    let NewSession { staff, pin, terminal } = secret.body;
    let terminal = TerminalId::new(&terminal).map_err(ShopError::from)?;
    let tried = tried(&api, &staff, pin).await?;
    let (id, at) = (tried.staff, terminal.clone());
    let sender = Identity { command: None, caller: secret.caller };
    let token = api.run(sender, move |desk| sign_in(desk, &tried, &at)).await?;
    let token = token.token().map_err(ShopError::from)?;
    let now = api.now();
    let (staff, rights) = api
        .read(move |view| {
            let staff = view.staff(id)?.ok_or(edge_app::AccessError::UnknownStaff)?;
            let rights = Role::of(staff.role, &rights_of(view, staff.role)?);
            Ok((Staff::of(&staff, view.lock(id)?, now), rights))
        })
        .await?;
    let idle_minutes = api.shop.config().rules.session_ms / 60_000;
    let terminal = terminal.to_string();
    Ok((StatusCode::CREATED, Json(Session { token, staff, terminal, rights, idle_minutes })))
}

/// Signs out whoever asks.
#[utoipa::path(delete, path = "/sessions", responses((status = 204)))]
pub(crate) async fn end_session(
    State(api): State<Api>,
    Who(caller): Who,
) -> Result<StatusCode, Problem> {
    end(&api, caller).await
}

/// Signs out whoever asks, for those who cannot send a DELETE.
#[utoipa::path(post, path = "/sessions/end", responses((status = 204)))]
pub(crate) async fn leave(State(api): State<Api>, Who(caller): Who) -> Result<StatusCode, Problem> {
    end(&api, caller).await
}

/// Somebody who may allows something once, for a minute. An idempotency key does nothing here.
#[utoipa::path(post, path = "/overrides", request_body = NewOverride,
    responses((status = 201, body = Override), (status = "4XX", body = Problem)))]
pub(crate) async fn approve(
    State(api): State<Api>,
    secret: Secret<NewOverride>,
) -> Result<(StatusCode, Json<Override>), Problem> {
    let NewOverride { staff, pin, permission, reason } = secret.body;
    let permission = permission_named(&permission)?;
    let tried = tried(&api, &staff, pin).await?;
    let expires_at = time(StoreTime::from_millis(api.now().as_millis() + APPROVAL_MS));
    let sender = Identity { command: None, caller: secret.caller };
    let token: Tried =
        api.run(sender, move |desk| approve_once(desk, &tried, permission, &reason)).await?;
    let token = token.token().map_err(ShopError::from)?;
    Ok((StatusCode::CREATED, Json(Override { token, expires_at })))
}

async fn end(api: &Api, caller: Caller) -> Result<StatusCode, Problem> {
    if let Caller::Person { token: Some(token), .. } = caller {
        api.run(Identity::default(), move |desk| sign_out(desk, &token)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Holds a PIN against its hash, on a thread that may block.
async fn tried(api: &Api, staff: &str, pin: String) -> Result<Try, Problem> {
    let (staff, now): (StaffId, _) = (parse(staff)?, api.now());
    let hash = api.read(move |view| hash_to_try(view, staff, now)).await?;
    let against = hash.clone();
    let matched = slowly(move || is_pin_of(&pin, &against)).await?;
    Ok(Try { staff, hash, matched })
}

async fn hashed(api: &Api, pin: String) -> Result<String, Problem> {
    let entropy = Arc::clone(&api.shop.ledger().settings().entropy);
    Ok(slowly(move || hash_pin(&pin, &*entropy)).await?.map_err(ShopError::from)?)
}

async fn slowly<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let permit = CHECKS.acquire().await.map_err(|_| Problem::internal())?;
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| Problem::internal());
    drop(permit);
    done
}

/// The identity of a request with a PIN: of everything but the PIN.
fn without_pin(place: &str, said: &[&str], key: Option<&str>, caller: Caller) -> Identity {
    let parts: Vec<&[u8]> =
        std::iter::once(place).chain(said.iter().copied()).map(str::as_bytes).collect();
    Identity { command: key.map(|key| Command::new(key, &parts)), caller }
}

fn role_named(name: &str) -> Result<staff::Role, Problem> {
    let unknown = || Problem::invalid(format!("There is no role {name}."));
    staff::Role::from_name(name).ok_or_else(unknown)
}

fn permission_named(name: &str) -> Result<Permission, Problem> {
    let unknown = || Problem::invalid(format!("There is no permission {name}."));
    Permission::from_name(name).ok_or_else(unknown)
}
