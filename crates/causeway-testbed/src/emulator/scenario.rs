//! A running WHMCS and the things that happen to it, told as a story.

use std::{
    collections::BTreeMap,
    fmt,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    answers::{
        AddedAddon, AddedClient, AddedProduct, AddedServer, ConnectionTest, Functions, HookResults,
        Nothing, ProductForm,
    },
    catalogue::{Addon, Client, Product, Server},
    commands::Command,
    database::{Backend, Database},
    error::EmulatorError,
    ids::{AddonId, ProductId, ServerId, ServiceAddonId, ServiceId},
    installation::{Installation, ModuleName},
    order::ClientAccount,
    php::PhpFpm,
    saved::SavedState,
    service::Service,
    settings::{DatabaseEngine, EmulatorEvent, EmulatorSettings, Observer},
    whmcs::{Answered, Whmcs},
};

/// A running WHMCS. Cheap to clone; clones may act at once. PHP stops and the temporary folder
/// goes when the last clone, and the last handle made from one, is dropped.
#[derive(Clone)]
pub struct Emulator {
    running: Arc<Running>,
}

/// PHP stops before its folder goes: fields are dropped in this order.
struct Running {
    php: PhpFpm,
    installation: Installation,
    whmcs: Whmcs,
    backend: Backend,
    observer: Option<Observer>,
}

impl fmt::Debug for Emulator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = self.running.installation.folder();
        formatter
            .debug_struct("Emulator")
            .field("folder", &folder)
            .finish_non_exhaustive()
    }
}

impl Emulator {
    /// Makes the installation, starts PHP and sets WHMCS up.
    ///
    /// # Errors
    /// When PHP is absent or does not start, or the folder cannot be written.
    pub async fn start(settings: EmulatorSettings) -> Result<Self, EmulatorError> {
        let EmulatorSettings {
            folder,
            php: php_settings,
            system_url,
            whmcs_version,
            database,
            observer,
        } = settings;
        let installation = Installation::create(folder.as_deref())?;
        let mariadb = match database {
            DatabaseEngine::Sqlite => None,
            DatabaseEngine::MariaDb(server) => {
                let database = server.new_database()?;
                installation.use_mariadb(&database)?;
                Some(database)
            }
        };
        let php = PhpFpm::start(installation.folder(), &php_settings).await?;
        let whmcs = Whmcs::new(
            &installation,
            php.socket().to_owned(),
            php_settings.request_limit,
        );
        let backend = match mariadb {
            None => Backend::Sqlite(installation.database()),
            Some(database) => Backend::MariaDb {
                database,
                whmcs: whmcs.clone(),
            },
        };
        let emulator = Self {
            running: Arc::new(Running {
                php,
                installation,
                whmcs,
                backend,
                observer,
            }),
        };
        emulator
            .ask::<Nothing>(Command::Setup {
                system_url,
                whmcs_version,
            })
            .await?;
        Ok(emulator)
    }

    /// Sends any command; what the methods below do not offer is reached here.
    ///
    /// # Errors
    /// When the module uses what the emulator lacks, WHMCS would refuse, or PHP breaks down.
    pub async fn ask<T: DeserializeOwned>(
        &self,
        command: Command,
    ) -> Result<Answered<T>, EmulatorError> {
        let start = Instant::now();
        let answered = self.running.whmcs.ask::<T>(&command).await;
        if let Some(observer) = &self.running.observer {
            let nothing = EmulatorEvent {
                command: &command,
                calls: &[],
                hooks: &[],
                left_behind: None,
                warnings: &[],
                missing: &[],
                error: None,
                took: start.elapsed(),
            };
            observer(&match &answered {
                Ok(answered) => EmulatorEvent {
                    calls: &answered.calls,
                    hooks: &answered.hooks,
                    left_behind: Some(&answered.left_behind),
                    warnings: &answered.warnings,
                    missing: &answered.missing,
                    ..nothing
                },
                Err(error @ EmulatorError::MissingInEmulator { calls, missing, .. }) => {
                    EmulatorEvent {
                        calls,
                        missing,
                        error: Some(error),
                        ..nothing
                    }
                }
                Err(error) => EmulatorEvent {
                    error: Some(error),
                    ..nothing
                },
            });
        }
        answered
    }

    /// The installation's folders.
    #[must_use]
    pub fn installation(&self) -> &Installation {
        &self.running.installation
    }

    /// Ends every request that is under way in the middle, as when WHMCS's own server dies.
    ///
    /// # Errors
    /// The system does not say which processes work on them.
    pub fn kill_requests(&self) -> Result<(), EmulatorError> {
        self.running.php.kill_workers()
    }

    /// The process id of the php-fpm master.
    #[must_use]
    pub fn php_process_id(&self) -> u32 {
        self.running.php.process_id()
    }

    /// All that WHMCS's database has now. No request may be under way.
    ///
    /// # Errors
    /// When the database cannot be copied.
    pub fn save(&self) -> Result<SavedState, EmulatorError> {
        SavedState::of(&self.running.backend)
    }

    /// Begins again from what was saved. No request may be under way.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn restore(&self, saved: &SavedState) -> Result<(), EmulatorError> {
        saved.restore(&self.running.backend)
    }

    /// The socket on which php-fpm answers.
    #[must_use]
    pub fn php_socket(&self) -> &Path {
        self.running.php.socket()
    }

    /// The longest time that one request may take.
    pub(super) fn request_limit(&self) -> Duration {
        self.running.whmcs.limit()
    }

    /// WHMCS's database, read only.
    #[must_use]
    pub fn database(&self) -> Database {
        Database::new(self.running.backend.clone())
    }

    /// Copies a module folder into the installation, in place of an older copy.
    ///
    /// # Errors
    /// When the folder is no server module or cannot be copied.
    pub async fn install_module(
        &self,
        folder: impl AsRef<Path>,
    ) -> Result<ModuleName, EmulatorError> {
        self.running.installation.install_module(folder.as_ref())
    }

    /// Writes a hook file into `includes/hooks`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn install_hook(&self, name: &str, php: &str) -> Result<(), EmulatorError> {
        self.running.installation.install_hook(name, php)
    }

    /// Adds a server.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn add_server(&self, server: Server) -> Result<ServerId, EmulatorError> {
        Ok(self
            .ask::<AddedServer>(Command::AddServer(server))
            .await?
            .result
            .server_id)
    }

    /// Adds a product.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn add_product(&self, product: Product) -> Result<ProductId, EmulatorError> {
        Ok(self
            .ask::<AddedProduct>(Command::AddProduct(product))
            .await?
            .result
            .product_id)
    }

    /// Adds a product addon.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn add_addon(&self, addon: Addon) -> Result<AddonId, EmulatorError> {
        Ok(self
            .ask::<AddedAddon>(Command::AddProductAddon(addon))
            .await?
            .result
            .addon_id)
    }

    /// Adds a client.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn add_client(&self, client: Client) -> Result<ClientAccount, EmulatorError> {
        let added = self
            .ask::<AddedClient>(Command::AddClient(client))
            .await?
            .result;
        Ok(ClientAccount {
            emulator: self.clone(),
            client_id: added.client_id,
        })
    }

    /// A service by its number.
    #[must_use]
    pub fn service(&self, service_id: ServiceId) -> Service {
        Service {
            emulator: self.clone(),
            service_id,
            addon_id: None,
        }
    }

    /// A purchased addon by its number and that of its parent service.
    #[must_use]
    pub fn purchased_addon(&self, service_id: ServiceId, addon: ServiceAddonId) -> Service {
        Service {
            emulator: self.clone(),
            service_id,
            addon_id: Some(addon),
        }
    }

    /// Staff open the product form and see the module's options.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn product_form(
        &self,
        module: &ModuleName,
        product: Option<ProductId>,
    ) -> Result<Answered<ProductForm>, EmulatorError> {
        self.ask(Command::ProductForm {
            module: module.clone(),
            product_id: product,
        })
        .await
    }

    /// Staff save the module's options of a product: `configoption1` to its value.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn save_product_options(
        &self,
        product: ProductId,
        options: BTreeMap<String, String>,
    ) -> Result<(), EmulatorError> {
        let command = Command::SaveProductOptions {
            product_id: product,
            options,
        };
        self.ask::<Nothing>(command).await.map(drop)
    }

    /// Staff press the server form's test button.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn test_connection(
        &self,
        server: ServerId,
    ) -> Result<Answered<ConnectionTest>, EmulatorError> {
        self.ask(Command::TestConnection { server_id: server })
            .await
    }

    /// Runs a hook point and collects what each function gave.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn run_hook(&self, name: &str, vars: Value) -> Result<Vec<Value>, EmulatorError> {
        let command = Command::RunHook {
            name: name.into(),
            vars,
        };
        Ok(self.ask::<HookResults>(command).await?.result.results)
    }

    /// Runs a command of WHMCS's API.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn local_api(
        &self,
        command: &str,
        values: Value,
    ) -> Result<Answered<Value>, EmulatorError> {
        self.ask(Command::LocalApi {
            command: command.into(),
            values,
        })
        .await
    }

    /// The functions that a module has once it is loaded, without its prefix.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn module_function_names(
        &self,
        module: &ModuleName,
    ) -> Result<Vec<String>, EmulatorError> {
        let command = Command::ModuleFunctionNames {
            module: module.clone(),
        };
        Ok(self.ask::<Functions>(command).await?.result.functions)
    }
}
