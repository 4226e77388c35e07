-- WHMCS's tables and columns, as far as provisioning modules and the life of an order touch them.
-- The names are WHMCS's: a module that writes a column WHMCS lacks must fail here too.
-- TEXT compares without regard to case, as MySQL's default collation does; DECIMAL is read back with two decimals.

-- Clients and users
CREATE TABLE tblclients (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL DEFAULT '',
    firstname TEXT NOT NULL DEFAULT '', lastname TEXT NOT NULL DEFAULT '', companyname TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '',
    address1 TEXT NOT NULL DEFAULT '', address2 TEXT NOT NULL DEFAULT '', city TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT '',
    postcode TEXT NOT NULL DEFAULT '', country TEXT NOT NULL DEFAULT '', phonenumber TEXT NOT NULL DEFAULT '', tax_id TEXT NOT NULL DEFAULT '',
    password TEXT NOT NULL DEFAULT '', authmodule TEXT NOT NULL DEFAULT '', authdata TEXT NOT NULL DEFAULT '',
    currency INTEGER NOT NULL DEFAULT 1, defaultgateway TEXT NOT NULL DEFAULT '', credit DECIMAL NOT NULL DEFAULT 0,
    taxexempt INTEGER NOT NULL DEFAULT 0, latefeeoveride INTEGER NOT NULL DEFAULT 0, overideduenotices INTEGER NOT NULL DEFAULT 0,
    separateinvoices INTEGER NOT NULL DEFAULT 0, disableautocc INTEGER NOT NULL DEFAULT 0, datecreated TEXT NOT NULL DEFAULT '0000-00-00',
    notes TEXT NOT NULL DEFAULT '', billingcid INTEGER NOT NULL DEFAULT 0, securityqid INTEGER NOT NULL DEFAULT 0, securityqans TEXT NOT NULL DEFAULT '',
    groupid INTEGER NOT NULL DEFAULT 0, cardtype TEXT NOT NULL DEFAULT '', cardlastfour TEXT NOT NULL DEFAULT '', gatewayid TEXT NOT NULL DEFAULT '',
    lastlogin TEXT, ip TEXT NOT NULL DEFAULT '', host TEXT NOT NULL DEFAULT '', status TEXT NOT NULL DEFAULT 'Active', language TEXT NOT NULL DEFAULT '',
    pwresetkey TEXT NOT NULL DEFAULT '', emailoptout INTEGER NOT NULL DEFAULT 0, marketing_emails_opt_in INTEGER NOT NULL DEFAULT 0,
    overrideautoclose INTEGER NOT NULL DEFAULT 0, allow_sso INTEGER NOT NULL DEFAULT 1, email_verified INTEGER NOT NULL DEFAULT 0,
    email_preferences TEXT, created_at TEXT, updated_at TEXT, pwresetexpiry TEXT
);
CREATE TABLE tblcontacts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, userid INTEGER NOT NULL, firstname TEXT NOT NULL DEFAULT '', lastname TEXT NOT NULL DEFAULT '',
    companyname TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '', address1 TEXT NOT NULL DEFAULT '', address2 TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT '', postcode TEXT NOT NULL DEFAULT '', country TEXT NOT NULL DEFAULT '',
    phonenumber TEXT NOT NULL DEFAULT '', tax_id TEXT NOT NULL DEFAULT '', created_at TEXT, updated_at TEXT
);
CREATE TABLE tblusers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, first_name TEXT NOT NULL DEFAULT '', last_name TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '',
    password TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '', second_factor TEXT NOT NULL DEFAULT '', second_factor_config TEXT,
    remember_token TEXT NOT NULL DEFAULT '', reset_token TEXT NOT NULL DEFAULT '', security_question_id INTEGER NOT NULL DEFAULT 0,
    security_question_answer TEXT NOT NULL DEFAULT '', last_ip TEXT NOT NULL DEFAULT '', last_hostname TEXT NOT NULL DEFAULT '', last_login TEXT,
    email_verification_token TEXT NOT NULL DEFAULT '', email_verification_token_expiry TEXT, email_verified_at TEXT, reset_token_expiry TEXT,
    created_at TEXT, updated_at TEXT
);
CREATE TABLE tblusers_clients (
    id INTEGER PRIMARY KEY AUTOINCREMENT, auth_user_id INTEGER NOT NULL, client_id INTEGER NOT NULL, invite_id INTEGER NOT NULL DEFAULT 0,
    owner INTEGER NOT NULL DEFAULT 0, permissions TEXT, last_login TEXT, created_at TEXT, updated_at TEXT
);
CREATE TABLE tblclientgroups (
    id INTEGER PRIMARY KEY AUTOINCREMENT, groupname TEXT NOT NULL DEFAULT '', groupcolour TEXT NOT NULL DEFAULT '', discountpercent DECIMAL NOT NULL DEFAULT 0,
    susptermexempt TEXT NOT NULL DEFAULT '', separateinvoices TEXT NOT NULL DEFAULT ''
);

-- Servers and products
CREATE TABLE tblservers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL DEFAULT '', ipaddress TEXT NOT NULL DEFAULT '', assignedips TEXT NOT NULL DEFAULT '',
    hostname TEXT NOT NULL DEFAULT '', monthlycost DECIMAL NOT NULL DEFAULT 0, noc TEXT NOT NULL DEFAULT '', statusaddress TEXT NOT NULL DEFAULT '',
    nameserver1 TEXT NOT NULL DEFAULT '', nameserver1ip TEXT NOT NULL DEFAULT '', nameserver2 TEXT NOT NULL DEFAULT '', nameserver2ip TEXT NOT NULL DEFAULT '',
    nameserver3 TEXT NOT NULL DEFAULT '', nameserver3ip TEXT NOT NULL DEFAULT '', nameserver4 TEXT NOT NULL DEFAULT '', nameserver4ip TEXT NOT NULL DEFAULT '',
    nameserver5 TEXT NOT NULL DEFAULT '', nameserver5ip TEXT NOT NULL DEFAULT '', maxaccounts INTEGER NOT NULL DEFAULT 0, type TEXT NOT NULL DEFAULT '',
    username TEXT NOT NULL DEFAULT '', password TEXT NOT NULL DEFAULT '', accesshash TEXT NOT NULL DEFAULT '', secure TEXT NOT NULL DEFAULT '',
    port INTEGER, active INTEGER NOT NULL DEFAULT 1, disabled INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tblservergroups (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL DEFAULT '', filltype INTEGER NOT NULL DEFAULT 1);
CREATE TABLE tblservergroupsrel (id INTEGER PRIMARY KEY AUTOINCREMENT, groupid INTEGER NOT NULL, serverid INTEGER NOT NULL);
CREATE TABLE tblproductgroups (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL DEFAULT '', slug TEXT NOT NULL DEFAULT '', headline TEXT, tagline TEXT, orderfrmtpl TEXT NOT NULL DEFAULT '',
    disabledgateways TEXT NOT NULL DEFAULT '', hidden INTEGER NOT NULL DEFAULT 0, "order" INTEGER NOT NULL DEFAULT 0, icon TEXT NOT NULL DEFAULT '', created_at TEXT, updated_at TEXT
);
CREATE TABLE tblproducts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL DEFAULT 'other', gid INTEGER NOT NULL DEFAULT 1, name TEXT NOT NULL DEFAULT '', slug TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '', hidden INTEGER NOT NULL DEFAULT 0, showdomainoptions INTEGER NOT NULL DEFAULT 0, welcomeemail INTEGER NOT NULL DEFAULT 0,
    stockcontrol INTEGER NOT NULL DEFAULT 0, qty INTEGER NOT NULL DEFAULT 0, proratabilling INTEGER NOT NULL DEFAULT 0, proratadate INTEGER NOT NULL DEFAULT 0,
    proratachargenextmonth INTEGER NOT NULL DEFAULT 0, paytype TEXT NOT NULL DEFAULT 'recurring', allowqty INTEGER NOT NULL DEFAULT 0, subdomain TEXT NOT NULL DEFAULT '',
    autosetup TEXT NOT NULL DEFAULT '', servertype TEXT NOT NULL DEFAULT '', servergroup INTEGER NOT NULL DEFAULT 0,
    configoption1 TEXT NOT NULL DEFAULT '', configoption2 TEXT NOT NULL DEFAULT '', configoption3 TEXT NOT NULL DEFAULT '', configoption4 TEXT NOT NULL DEFAULT '',
    configoption5 TEXT NOT NULL DEFAULT '', configoption6 TEXT NOT NULL DEFAULT '', configoption7 TEXT NOT NULL DEFAULT '', configoption8 TEXT NOT NULL DEFAULT '',
    configoption9 TEXT NOT NULL DEFAULT '', configoption10 TEXT NOT NULL DEFAULT '', configoption11 TEXT NOT NULL DEFAULT '', configoption12 TEXT NOT NULL DEFAULT '',
    configoption13 TEXT NOT NULL DEFAULT '', configoption14 TEXT NOT NULL DEFAULT '', configoption15 TEXT NOT NULL DEFAULT '', configoption16 TEXT NOT NULL DEFAULT '',
    configoption17 TEXT NOT NULL DEFAULT '', configoption18 TEXT NOT NULL DEFAULT '', configoption19 TEXT NOT NULL DEFAULT '', configoption20 TEXT NOT NULL DEFAULT '',
    configoption21 TEXT NOT NULL DEFAULT '', configoption22 TEXT NOT NULL DEFAULT '', configoption23 TEXT NOT NULL DEFAULT '', configoption24 TEXT NOT NULL DEFAULT '',
    freedomain TEXT NOT NULL DEFAULT '', freedomainpaymentterms TEXT NOT NULL DEFAULT '', freedomaintlds TEXT NOT NULL DEFAULT '', recurringcycles INTEGER NOT NULL DEFAULT 0,
    autoterminatedays INTEGER NOT NULL DEFAULT 0, autoterminateemail INTEGER NOT NULL DEFAULT 0, configoptionsupgrade INTEGER NOT NULL DEFAULT 0,
    billingcycleupgrade TEXT NOT NULL DEFAULT '', upgradeemail INTEGER NOT NULL DEFAULT 0, overagesenabled TEXT NOT NULL DEFAULT '', overagesdisklimit INTEGER NOT NULL DEFAULT 0,
    overagesbwlimit INTEGER NOT NULL DEFAULT 0, overagesdiskprice DECIMAL NOT NULL DEFAULT 0, overagesbwprice DECIMAL NOT NULL DEFAULT 0, tax INTEGER NOT NULL DEFAULT 0,
    affiliateonetime INTEGER NOT NULL DEFAULT 0, affiliatepaytype TEXT NOT NULL DEFAULT '', affiliatepayamount DECIMAL NOT NULL DEFAULT 0, "order" INTEGER NOT NULL DEFAULT 0,
    retired INTEGER NOT NULL DEFAULT 0, is_featured INTEGER NOT NULL DEFAULT 0, color TEXT NOT NULL DEFAULT '', tagline TEXT NOT NULL DEFAULT '',
    short_description TEXT NOT NULL DEFAULT '', created_at TEXT, updated_at TEXT
);
CREATE TABLE tblproduct_upgrade_products (
    id INTEGER PRIMARY KEY AUTOINCREMENT, product_id INTEGER NOT NULL, upgrade_product_id INTEGER NOT NULL, created_at TEXT, updated_at TEXT
);
CREATE TABLE tbladdons (
    id INTEGER PRIMARY KEY AUTOINCREMENT, packages TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '',
    billingcycle TEXT NOT NULL DEFAULT '', allowqty INTEGER NOT NULL DEFAULT 0, tax INTEGER NOT NULL DEFAULT 0, showorder INTEGER NOT NULL DEFAULT 0,
    hidden INTEGER NOT NULL DEFAULT 0, retired INTEGER NOT NULL DEFAULT 0, downloads TEXT NOT NULL DEFAULT '', autoactivate TEXT NOT NULL DEFAULT '',
    suspendproduct INTEGER NOT NULL DEFAULT 0, welcomeemail INTEGER NOT NULL DEFAULT 0, type TEXT NOT NULL DEFAULT '', module TEXT NOT NULL DEFAULT '',
    server_group_id INTEGER NOT NULL DEFAULT 0, prorate INTEGER NOT NULL DEFAULT 0, weight INTEGER NOT NULL DEFAULT 0, autolinkby TEXT NOT NULL DEFAULT '',
    created_at TEXT, updated_at TEXT
);
CREATE TABLE tblmodule_configuration (
    id INTEGER PRIMARY KEY AUTOINCREMENT, entity_type TEXT NOT NULL DEFAULT '', entity_id INTEGER NOT NULL DEFAULT 0, setting_name TEXT NOT NULL DEFAULT '',
    friendly_name TEXT NOT NULL DEFAULT '', value TEXT NOT NULL DEFAULT '', created_at TEXT, updated_at TEXT
);
CREATE TABLE tblusage_items (
    id INTEGER PRIMARY KEY AUTOINCREMENT, rel_type TEXT NOT NULL DEFAULT '', rel_id INTEGER NOT NULL DEFAULT 0, module_type TEXT NOT NULL DEFAULT '', module TEXT NOT NULL DEFAULT '',
    metric TEXT NOT NULL DEFAULT '', included DECIMAL NOT NULL DEFAULT 0, is_hidden INTEGER NOT NULL DEFAULT 0, created_at TEXT, updated_at TEXT
);
CREATE TABLE tblpricing (
    id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, currency INTEGER NOT NULL, relid INTEGER NOT NULL,
    msetupfee DECIMAL NOT NULL DEFAULT 0, qsetupfee DECIMAL NOT NULL DEFAULT 0, ssetupfee DECIMAL NOT NULL DEFAULT 0,
    asetupfee DECIMAL NOT NULL DEFAULT 0, bsetupfee DECIMAL NOT NULL DEFAULT 0, tsetupfee DECIMAL NOT NULL DEFAULT 0,
    monthly DECIMAL NOT NULL DEFAULT -1, quarterly DECIMAL NOT NULL DEFAULT -1, semiannually DECIMAL NOT NULL DEFAULT -1,
    annually DECIMAL NOT NULL DEFAULT -1, biennially DECIMAL NOT NULL DEFAULT -1, triennially DECIMAL NOT NULL DEFAULT -1
);
CREATE TABLE tblcustomfields (
    id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, relid INTEGER NOT NULL DEFAULT 0, fieldname TEXT NOT NULL, fieldtype TEXT NOT NULL DEFAULT 'text',
    description TEXT NOT NULL DEFAULT '', fieldoptions TEXT NOT NULL DEFAULT '', regexpr TEXT NOT NULL DEFAULT '', adminonly TEXT NOT NULL DEFAULT '',
    required TEXT NOT NULL DEFAULT '', showorder TEXT NOT NULL DEFAULT '', showinvoice TEXT NOT NULL DEFAULT '', sortorder INTEGER NOT NULL DEFAULT 0,
    created_at TEXT, updated_at TEXT
);
CREATE TABLE tblcustomfieldsvalues (
    id INTEGER PRIMARY KEY AUTOINCREMENT, fieldid INTEGER NOT NULL, relid INTEGER NOT NULL, value TEXT NOT NULL DEFAULT '', created_at TEXT, updated_at TEXT
);
CREATE TABLE tblproductconfiggroups (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '');
CREATE TABLE tblproductconfiglinks (id INTEGER PRIMARY KEY AUTOINCREMENT, gid INTEGER NOT NULL, pid INTEGER NOT NULL);
CREATE TABLE tblproductconfigoptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, gid INTEGER NOT NULL, optionname TEXT NOT NULL DEFAULT '', optiontype TEXT NOT NULL DEFAULT '1',
    qtyminimum INTEGER NOT NULL DEFAULT 0, qtymaximum INTEGER NOT NULL DEFAULT 0, "order" INTEGER NOT NULL DEFAULT 0, hidden INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tblproductconfigoptionssub (
    id INTEGER PRIMARY KEY AUTOINCREMENT, configid INTEGER NOT NULL, optionname TEXT NOT NULL DEFAULT '', sortorder INTEGER NOT NULL DEFAULT 0, hidden INTEGER NOT NULL DEFAULT 0
);

-- Services
CREATE TABLE tblhosting (
    id INTEGER PRIMARY KEY AUTOINCREMENT, userid INTEGER NOT NULL, orderid INTEGER NOT NULL DEFAULT 0, packageid INTEGER NOT NULL, server INTEGER NOT NULL DEFAULT 0,
    regdate TEXT NOT NULL DEFAULT '0000-00-00', domain TEXT NOT NULL DEFAULT '', paymentmethod TEXT NOT NULL DEFAULT '', qty INTEGER NOT NULL DEFAULT 1,
    firstpaymentamount DECIMAL NOT NULL DEFAULT 0, amount DECIMAL NOT NULL DEFAULT 0, billingcycle TEXT NOT NULL DEFAULT '',
    nextduedate TEXT NOT NULL DEFAULT '0000-00-00', nextinvoicedate TEXT NOT NULL DEFAULT '0000-00-00', termination_date TEXT NOT NULL DEFAULT '0000-00-00',
    completed_date TEXT NOT NULL DEFAULT '0000-00-00', domainstatus TEXT NOT NULL DEFAULT 'Pending', username TEXT NOT NULL DEFAULT '', password TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '', subscriptionid TEXT NOT NULL DEFAULT '', promoid INTEGER NOT NULL DEFAULT 0, promocount INTEGER NOT NULL DEFAULT 0,
    suspendreason TEXT NOT NULL DEFAULT '', overideautosuspend INTEGER NOT NULL DEFAULT 0, overidesuspenduntil TEXT NOT NULL DEFAULT '0000-00-00',
    dedicatedip TEXT NOT NULL DEFAULT '', assignedips TEXT NOT NULL DEFAULT '', ns1 TEXT NOT NULL DEFAULT '', ns2 TEXT NOT NULL DEFAULT '',
    diskusage INTEGER NOT NULL DEFAULT 0, disklimit INTEGER NOT NULL DEFAULT 0, bwusage INTEGER NOT NULL DEFAULT 0, bwlimit INTEGER NOT NULL DEFAULT 0,
    lastupdate TEXT NOT NULL DEFAULT '0000-00-00 00:00:00', created_at TEXT, updated_at TEXT
);
CREATE TABLE tblhostingaddons (
    id INTEGER PRIMARY KEY AUTOINCREMENT, orderid INTEGER NOT NULL DEFAULT 0, hostingid INTEGER NOT NULL, addonid INTEGER NOT NULL, userid INTEGER NOT NULL DEFAULT 0,
    server INTEGER NOT NULL DEFAULT 0, name TEXT NOT NULL DEFAULT '', qty INTEGER NOT NULL DEFAULT 1, firstpaymentamount DECIMAL NOT NULL DEFAULT 0,
    setupfee DECIMAL NOT NULL DEFAULT 0, recurring DECIMAL NOT NULL DEFAULT 0, billingcycle TEXT NOT NULL DEFAULT '', prorate_date TEXT, tax TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'Pending', regdate TEXT NOT NULL DEFAULT '0000-00-00', nextduedate TEXT NOT NULL DEFAULT '0000-00-00',
    nextinvoicedate TEXT NOT NULL DEFAULT '0000-00-00', termination_date TEXT NOT NULL DEFAULT '0000-00-00', paymentmethod TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '', subscriptionid TEXT NOT NULL DEFAULT '', created_at TEXT, updated_at TEXT
);
CREATE TABLE tblhostingconfigoptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, relid INTEGER NOT NULL, configid INTEGER NOT NULL, optionid INTEGER NOT NULL DEFAULT 0, qty INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tbldomains (
    id INTEGER PRIMARY KEY AUTOINCREMENT, userid INTEGER NOT NULL, orderid INTEGER NOT NULL DEFAULT 0, type TEXT NOT NULL DEFAULT 'Register',
    registrationdate TEXT NOT NULL DEFAULT '0000-00-00', domain TEXT NOT NULL DEFAULT '', firstpaymentamount DECIMAL NOT NULL DEFAULT 0,
    recurringamount DECIMAL NOT NULL DEFAULT 0, registrar TEXT NOT NULL DEFAULT '', registrationperiod INTEGER NOT NULL DEFAULT 1,
    expirydate TEXT, status TEXT NOT NULL DEFAULT 'Pending', nextduedate TEXT NOT NULL DEFAULT '0000-00-00', paymentmethod TEXT NOT NULL DEFAULT '',
    created_at TEXT, updated_at TEXT
);
CREATE TABLE tblcancelrequests (
    id INTEGER PRIMARY KEY AUTOINCREMENT, date TEXT NOT NULL, relid INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT '', type TEXT NOT NULL DEFAULT '', created_at TEXT, updated_at TEXT
);
CREATE TABLE tblupgrades (
    id INTEGER PRIMARY KEY AUTOINCREMENT, userid INTEGER NOT NULL DEFAULT 0, orderid INTEGER NOT NULL DEFAULT 0, type TEXT NOT NULL DEFAULT 'package', date TEXT NOT NULL,
    relid INTEGER NOT NULL, originalvalue TEXT NOT NULL DEFAULT '', newvalue TEXT NOT NULL DEFAULT '', new_recurring_amount DECIMAL NOT NULL DEFAULT 0,
    amount DECIMAL NOT NULL DEFAULT 0, credit_amount DECIMAL NOT NULL DEFAULT 0, days_remaining INTEGER NOT NULL DEFAULT 0, total_days_in_cycle INTEGER NOT NULL DEFAULT 0,
    recurringchange DECIMAL NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT 'Pending', paid TEXT NOT NULL DEFAULT 'N'
);

-- Orders and billing
CREATE TABLE tblorders (
    id INTEGER PRIMARY KEY AUTOINCREMENT, ordernum INTEGER NOT NULL DEFAULT 0, userid INTEGER NOT NULL, contactid INTEGER NOT NULL DEFAULT 0, requestor_id INTEGER NOT NULL DEFAULT 0,
    admin_requestor_id INTEGER NOT NULL DEFAULT 0, date TEXT NOT NULL, nameservers TEXT NOT NULL DEFAULT '', transfersecret TEXT NOT NULL DEFAULT '', renewals TEXT NOT NULL DEFAULT '',
    promocode TEXT NOT NULL DEFAULT '', promotype TEXT NOT NULL DEFAULT '', promovalue TEXT NOT NULL DEFAULT '', orderdata TEXT NOT NULL DEFAULT '', amount DECIMAL NOT NULL DEFAULT 0,
    paymentmethod TEXT NOT NULL DEFAULT '', invoiceid INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT 'Pending', ipaddress TEXT NOT NULL DEFAULT '',
    fraudmodule TEXT NOT NULL DEFAULT '', fraudoutput TEXT NOT NULL DEFAULT '', notes TEXT NOT NULL DEFAULT ''
);
CREATE TABLE tblinvoices (
    id INTEGER PRIMARY KEY AUTOINCREMENT, userid INTEGER NOT NULL, invoicenum TEXT NOT NULL DEFAULT '', date TEXT NOT NULL, duedate TEXT NOT NULL,
    datepaid TEXT NOT NULL DEFAULT '0000-00-00 00:00:00', last_capture_attempt TEXT NOT NULL DEFAULT '0000-00-00 00:00:00', date_refunded TEXT NOT NULL DEFAULT '0000-00-00 00:00:00',
    date_cancelled TEXT NOT NULL DEFAULT '0000-00-00 00:00:00', subtotal DECIMAL NOT NULL DEFAULT 0, credit DECIMAL NOT NULL DEFAULT 0, tax DECIMAL NOT NULL DEFAULT 0,
    tax2 DECIMAL NOT NULL DEFAULT 0, total DECIMAL NOT NULL DEFAULT 0, taxrate DECIMAL NOT NULL DEFAULT 0, taxrate2 DECIMAL NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT 'Unpaid',
    paymentmethod TEXT NOT NULL DEFAULT '', paymethodid INTEGER, notes TEXT NOT NULL DEFAULT '', created_at TEXT, updated_at TEXT
);
CREATE TABLE tblinvoiceitems (
    id INTEGER PRIMARY KEY AUTOINCREMENT, invoiceid INTEGER NOT NULL DEFAULT 0, userid INTEGER NOT NULL DEFAULT 0, type TEXT NOT NULL DEFAULT '', relid INTEGER NOT NULL DEFAULT 0,
    description TEXT NOT NULL DEFAULT '', amount DECIMAL NOT NULL DEFAULT 0, taxed INTEGER NOT NULL DEFAULT 0, duedate TEXT, paymentmethod TEXT NOT NULL DEFAULT '', notes TEXT NOT NULL DEFAULT ''
);
CREATE TABLE tblaccounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, userid INTEGER NOT NULL, currency INTEGER NOT NULL DEFAULT 0, gateway TEXT NOT NULL DEFAULT '', date TEXT, description TEXT NOT NULL DEFAULT '',
    amountin DECIMAL NOT NULL DEFAULT 0, fees DECIMAL NOT NULL DEFAULT 0, amountout DECIMAL NOT NULL DEFAULT 0, rate DECIMAL NOT NULL DEFAULT 1, transid TEXT NOT NULL DEFAULT '',
    invoiceid INTEGER NOT NULL DEFAULT 0, refundid INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tblcredit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, clientid INTEGER NOT NULL, admin_id INTEGER NOT NULL DEFAULT 0, date TEXT NOT NULL, description TEXT NOT NULL DEFAULT '',
    amount DECIMAL NOT NULL DEFAULT 0, relid INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tblcurrencies (
    id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL, prefix TEXT NOT NULL DEFAULT '', suffix TEXT NOT NULL DEFAULT '', format INTEGER NOT NULL DEFAULT 1,
    rate DECIMAL NOT NULL DEFAULT 1, "default" INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tblpaymentgateways (id INTEGER PRIMARY KEY AUTOINCREMENT, gateway TEXT NOT NULL, setting TEXT NOT NULL, value TEXT NOT NULL DEFAULT '', "order" INTEGER NOT NULL DEFAULT 0);

-- Staff, settings, logs, mail, support
CREATE TABLE tbladmins (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL DEFAULT '', roleid INTEGER NOT NULL DEFAULT 1, username TEXT NOT NULL, password TEXT NOT NULL DEFAULT '', passwordhash TEXT NOT NULL DEFAULT '',
    firstname TEXT NOT NULL DEFAULT '', lastname TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '', signature TEXT NOT NULL DEFAULT '', notes TEXT NOT NULL DEFAULT '',
    template TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '', disabled INTEGER NOT NULL DEFAULT 0, loginattempts INTEGER NOT NULL DEFAULT 0, supportdepts TEXT NOT NULL DEFAULT '',
    ticketnotifications TEXT NOT NULL DEFAULT '', homewidgets TEXT NOT NULL DEFAULT '', created_at TEXT, updated_at TEXT
);
CREATE TABLE tbladminroles (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL DEFAULT '', widgets TEXT NOT NULL DEFAULT '', reports TEXT NOT NULL DEFAULT '',
    systememails INTEGER NOT NULL DEFAULT 1, accountemails INTEGER NOT NULL DEFAULT 1, supportemails INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE tblconfiguration (id INTEGER PRIMARY KEY AUTOINCREMENT, setting TEXT NOT NULL UNIQUE, value TEXT NOT NULL DEFAULT '', created_at TEXT, updated_at TEXT);
CREATE TABLE tbladdonmodules (id INTEGER PRIMARY KEY AUTOINCREMENT, module TEXT NOT NULL, setting TEXT NOT NULL, value TEXT NOT NULL DEFAULT '');
CREATE TABLE tblmodulelog (
    id INTEGER PRIMARY KEY AUTOINCREMENT, date TEXT NOT NULL, module TEXT NOT NULL, action TEXT NOT NULL, request TEXT NOT NULL, response TEXT NOT NULL, arrdata TEXT NOT NULL
);
CREATE TABLE tblactivitylog (
    id INTEGER PRIMARY KEY AUTOINCREMENT, date TEXT NOT NULL, description TEXT NOT NULL, user TEXT NOT NULL DEFAULT '', userid INTEGER NOT NULL DEFAULT 0, user_id INTEGER NOT NULL DEFAULT 0,
    admin_id INTEGER NOT NULL DEFAULT 0, ipaddr TEXT NOT NULL DEFAULT ''
);
CREATE TABLE tblmodulequeue (
    id INTEGER PRIMARY KEY AUTOINCREMENT, service_type TEXT NOT NULL DEFAULT '', service_id INTEGER NOT NULL, module_name TEXT NOT NULL, module_action TEXT NOT NULL, last_attempt TEXT,
    last_attempt_error TEXT NOT NULL DEFAULT '', num_retries INTEGER NOT NULL DEFAULT 0, completed INTEGER NOT NULL DEFAULT 0, created_at TEXT, updated_at TEXT
);
CREATE TABLE tblemailtemplates (
    id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, name TEXT NOT NULL, subject TEXT NOT NULL, message TEXT NOT NULL, attachments TEXT NOT NULL DEFAULT '',
    fromname TEXT NOT NULL DEFAULT '', fromemail TEXT NOT NULL DEFAULT '', disabled INTEGER NOT NULL DEFAULT 0, custom INTEGER NOT NULL DEFAULT 0, language TEXT NOT NULL DEFAULT '',
    copyto TEXT NOT NULL DEFAULT '', blind_copy_to TEXT NOT NULL DEFAULT '', plaintext INTEGER NOT NULL DEFAULT 0, created_at TEXT, updated_at TEXT
);
CREATE TABLE tblemails (
    id INTEGER PRIMARY KEY AUTOINCREMENT, userid INTEGER NOT NULL DEFAULT 0, subject TEXT NOT NULL, message TEXT NOT NULL, date TEXT NOT NULL, "to" TEXT, cc TEXT, bcc TEXT,
    attachments TEXT, pending INTEGER NOT NULL DEFAULT 0, message_data TEXT, failed INTEGER NOT NULL DEFAULT 0, failure_reason TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,
    created_at TEXT, updated_at TEXT
);
CREATE TABLE tbltodolist (
    id INTEGER PRIMARY KEY AUTOINCREMENT, date TEXT NOT NULL, title TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '', admin INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'New', duedate TEXT NOT NULL DEFAULT '0000-00-00'
);
CREATE TABLE tblticketdepartments (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, description TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '', clientsonly TEXT NOT NULL DEFAULT '',
    piperepliesonly TEXT NOT NULL DEFAULT '', noautoresponder TEXT NOT NULL DEFAULT '', hidden TEXT NOT NULL DEFAULT '', "order" INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tbltickets (
    id INTEGER PRIMARY KEY AUTOINCREMENT, tid TEXT NOT NULL, did INTEGER NOT NULL, userid INTEGER NOT NULL DEFAULT 0, contactid INTEGER NOT NULL DEFAULT 0, requestor_id INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '', cc TEXT NOT NULL DEFAULT '', c TEXT NOT NULL DEFAULT '', date TEXT NOT NULL, title TEXT NOT NULL, message TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'Open', urgency TEXT NOT NULL DEFAULT 'Medium', admin TEXT NOT NULL DEFAULT '', attachment TEXT NOT NULL DEFAULT '', lastreply TEXT NOT NULL,
    flag INTEGER NOT NULL DEFAULT 0, clientunread INTEGER NOT NULL DEFAULT 0, adminunread TEXT NOT NULL DEFAULT '', service TEXT NOT NULL DEFAULT '',
    merged_ticket_id INTEGER NOT NULL DEFAULT 0, editor TEXT NOT NULL DEFAULT 'plain'
);

CREATE TABLE tblticketreplies (
    id INTEGER PRIMARY KEY AUTOINCREMENT, tid INTEGER NOT NULL, userid INTEGER NOT NULL DEFAULT 0, contactid INTEGER NOT NULL DEFAULT 0, requestor_id INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '', date TEXT NOT NULL, message TEXT NOT NULL, admin TEXT NOT NULL DEFAULT '', attachment TEXT NOT NULL DEFAULT '',
    attachments_removed INTEGER NOT NULL DEFAULT 0, rating INTEGER NOT NULL DEFAULT 0, editor TEXT NOT NULL DEFAULT 'plain', created_at TEXT, updated_at TEXT
);

-- The emulator's own
CREATE TABLE emulator_clock (now TEXT NOT NULL);
CREATE TABLE emulator_drawn_settings (product_id INTEGER PRIMARY KEY, fields TEXT NOT NULL);
CREATE TABLE emulator_product_cycles (product_id INTEGER NOT NULL, cycle TEXT NOT NULL);
CREATE TABLE emulator_upgrade_hooks (upgrade_id INTEGER NOT NULL, service_id INTEGER NOT NULL, hook TEXT NOT NULL);
