//! Everything between a customer and the vendor, started for one test and stopped with it.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use causeway_testbed::emulator::{
    Client, ClientAccount, Emulator, EmulatorSettings, ModuleName, Order, Product, ProductId,
    Server, ServerId,
};
use causeway_testbed::sample_vendor::{SampleVendor, SampleVendorSettings};
use tempfile::TempDir;

pub const SHIELDPRESS: &str = include_str!("../../../../examples/shieldpress.toml");

/// The program under test.
const CAUSEWAY: &str = env!("CARGO_BIN_EXE_causeway");

pub struct Bridge {
    pub whmcs: Emulator,
    pub module: Option<ModuleName>,
    pub vendor: SampleVendor,
    pub server: ServerId,
    pub product: ProductId,
    pub token: String,
    pub credential: String,
    pub port: u16,
    gateway: Option<Child>,
    dir: TempDir,
}

impl Bridge {
    /// The example definition, and a vendor that answers at once.
    pub async fn start() -> Self {
        Self::with(SHIELDPRESS, SampleVendorSettings::default()).await
    }

    /// Starts the vendor, adds a provider with the vendor's sandbox as its API, starts the gateway,
    /// builds the module and installs it in WHMCS, with a server and a product.
    pub async fn with(definition: &str, vendor: SampleVendorSettings) -> Self {
        let dir = TempDir::new().unwrap();
        let vendor = SampleVendor::start(vendor).await.unwrap();
        let credential = vendor.add_account("Sunny Hosting").unwrap();
        fs::write(dir.path().join("shieldpress.toml"), definition).unwrap();
        let port = free_port();
        let whmcs = Emulator::start(EmulatorSettings::default()).await.unwrap();
        let mut bridge = Self {
            server: ServerId(0),
            product: ProductId(0),
            token: String::new(),
            module: None,
            whmcs,
            vendor,
            credential,
            port,
            gateway: None,
            dir,
        };
        bridge.token = bridge.add_provider("sunny");
        bridge.start_gateway(&[]).await;
        bridge.build_module();
        let folder = bridge.path("out/modules/servers/shieldpress");
        bridge.module = Some(bridge.whmcs.install_module(folder).await.unwrap());
        let server = Server::new("shieldpress").password(&bridge.token);
        bridge.server = bridge.whmcs.add_server(server).await.unwrap();
        bridge.product = bridge.add_product("basic").await;
        bridge
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn gateway_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A product of this plan; upgrades lead to every product made before.
    pub async fn add_product(&self, plan: &str) -> ProductId {
        let product = Product::new("shieldpress", format!("ShieldPress {plan}"))
            .option(1, plan)
            .price("10.00")
            .on_payment()
            .server(self.server);
        self.whmcs.add_product(product).await.unwrap()
    }

    pub async fn client(&self, email: &str) -> ClientAccount {
        self.whmcs
            .add_client(Client::named("Ada", "Lovelace").email(email))
            .await
            .unwrap()
    }

    /// A client of their own buys one service and pays for it; the module call is still owed.
    pub async fn order(&self, email: &str, domain: &str) -> Order {
        self.client(email)
            .await
            .buys(self.product, domain)
            .await
            .unwrap()
    }

    /// A command of the program that ends by itself; its output.
    pub fn causeway(&self, arguments: &[&str], input: &str) -> (bool, String, String) {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.success(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(CAUSEWAY);
        command
            .args(arguments)
            .current_dir(self.dir.path())
            .env("CAUSEWAY_DATA", self.path("data"))
            .env("NO_COLOR", "1");
        command
    }

    /// Adds a provider whose API is the sample vendor; its token.
    pub fn add_provider(&self, name: &str) -> String {
        let api = self.vendor.api();
        let arguments = ["provider", "add", name, "--api", &api];
        let (good, output, errors) = self.causeway(&arguments, &self.credential);
        assert!(good, "{errors}");
        output
            .split_whitespace()
            .find(|word| word.starts_with("cw_"))
            .unwrap_or_else(|| panic!("no token in {output}"))
            .to_owned()
    }

    pub fn build_module(&self) {
        let gateway = self.gateway_url();
        let arguments = [
            "build",
            "shieldpress.toml",
            "--gateway",
            &gateway,
            "-o",
            "out",
        ];
        let (good, _, errors) = self.causeway(&arguments, "");
        assert!(good, "{errors}");
    }

    /// Starts the gateway on the port that the module knows, and waits until it is ready.
    pub async fn start_gateway(&mut self, more: &[&str]) {
        assert!(self.gateway.is_none(), "a gateway runs already");
        let listen = format!("127.0.0.1:{}", self.port);
        let mut arguments = vec!["serve", "shieldpress.toml", "--listen", &listen];
        arguments.extend(more);
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.log_path())
            .unwrap();
        let child = self
            .command(&arguments)
            .env("CAUSEWAY_LOG", "debug")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.gateway = Some(child);
        let ready = format!("{}/readyz", self.gateway_url());
        for _ in 0..600 {
            if let Ok(answer) = reqwest::get(&ready).await
                && answer.status().is_success()
            {
                return;
            }
            let exited = self.gateway.as_mut().unwrap().try_wait().unwrap();
            assert!(exited.is_none(), "the gateway ended: {}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the gateway is not ready: {}", self.log());
    }

    /// Kills the gateway as a power cut would: `kill -9`.
    pub fn kill_gateway(&mut self) {
        let mut child = self.gateway.take().expect("the gateway runs");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Waits until the gateway has died at its crash point.
    pub async fn gateway_has_died(&mut self) {
        let mut child = self.gateway.take().expect("the gateway runs");
        let ended = tokio::task::spawn_blocking(move || child.wait().unwrap());
        assert!(!ended.await.unwrap().success());
    }

    /// Waits until the gateway's log has this text.
    pub async fn log_says(&self, text: &str) {
        for _ in 0..600 {
            if self.log().contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the log never said {text:?}: {}", self.log());
    }

    fn log_path(&self) -> PathBuf {
        self.path("gateway.log")
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// Every file that the gateway keeps, as it lies on the disk.
    pub fn data_files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fs::read_dir(self.path("data"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect()
    }

    /// What the vendor has: its users, and its services that are not terminated.
    pub fn counts(&self) -> (usize, usize) {
        (
            self.vendor.users().unwrap().len(),
            self.vendor.live_services().unwrap().len(),
        )
    }

    /// The licence key of the vendor's only live service.
    pub fn vendor_key(&self) -> String {
        let services = self.vendor.live_services().unwrap();
        assert_eq!(services.len(), 1, "{services:#?}");
        services[0].license_key.clone().unwrap()
    }

    /// The welcome e-mails that customers got.
    pub async fn welcome_emails(&self) -> Vec<String> {
        let emails = self.whmcs.database().emails().await.unwrap();
        emails
            .into_iter()
            .filter(|email| email.subject.ends_with("is ready"))
            .map(|email| email.message)
            .collect()
    }

    /// The calls that the vendor took, as `METHOD /path` without queries, from the `from`-th on.
    pub fn vendor_calls(&self, from: usize) -> Vec<String> {
        self.vendor.requests()[from..]
            .iter()
            .map(|request| {
                let path = request.path.split('?').next().unwrap_or_default();
                format!("{} {path}", request.method)
            })
            .collect()
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        if let Some(mut gateway) = self.gateway.take() {
            let _ = gateway.kill();
            let _ = gateway.wait();
        }
    }
}

/// The lines that staff read of module calls that failed.
pub fn only_message(calls: &[causeway_testbed::emulator::CallOutcome]) -> &str {
    assert_eq!(calls.len(), 1, "{calls:#?}");
    &calls[0].message
}

/// Whether every module call was taken for a success.
pub fn all_good(calls: &[causeway_testbed::emulator::CallOutcome]) {
    assert!(!calls.is_empty(), "WHMCS made no call");
    for call in calls {
        assert!(call.success, "{}: {}", call.due.function, call.message);
    }
}

/// One readable line: what staff can be shown.
pub fn is_one_line(text: &str) {
    assert!(!text.trim().is_empty(), "staff read nothing");
    assert!(
        !text.contains('\n') && !text.contains("Stack trace"),
        "not one line: {text}"
    );
    assert!(text.chars().count() < 600, "too long to read: {text}");
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
