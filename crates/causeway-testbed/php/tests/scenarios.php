<?php

function shop(Installation $whmcs, string $module, array $product = [], array $item = []): array
{
    $server = $whmcs->play('add_server', ['module' => $module, 'name' => 'One', 'hostname' => 'one.vendor.example', 'password' => 'secret & <token>', 'secure' => true])['server_id'];
    $productId = $whmcs->play('add_product', $product + [
        'module' => $module, 'name' => 'Product', 'autosetup' => 'payment', 'recurring_amount' => '10.00', 'setup_fee' => '0', 'billing_cycle' => 'monthly', 'options' => ['small', 'on', 'eu'],
        'custom_fields' => [['name' => 'Vendor Id'], ['name' => 'Note', 'admin_only' => true], ['name' => 'site|Your site']], 'server_id' => $server, 'welcome_email' => true,
        'configurable_options' => [['name' => 'space|Disk Space', 'choices' => [['name' => '10|10 GB', 'price' => '0'], ['name' => '20|20 GB', 'price' => '5.00']]]],
    ])['product_id'];
    $client = $whmcs->play('add_client', ['firstname' => 'Ann', 'lastname' => 'O\'Hara', 'email' => 'Ann@Example.com', 'country' => 'GB', 'phonenumber' => '020 7946 0000'])['client_id'];
    $order = $whmcs->play('place_order', ['client_id' => $client, 'items' => [$item + ['product_id' => $productId, 'domain' => 'ann.example']], 'payment_method' => 'mailin']);

    return $order + ['product_id' => $productId, 'server_id' => $server, 'client_id' => $client, 'service_id' => $order['service_ids'][0]];
}

function status(Installation $whmcs): string
{
    return (string) $whmcs->value('SELECT domainstatus FROM tblhosting WHERE id = 1');
}

function activate(Installation $whmcs, array $order): void
{
    $whmcs->play('pay_invoice', ['invoice_id' => $order['invoice_id']]);
    $whmcs->makeDueCalls();
    same('Active', status($whmcs), 'status after creation');
}

function nasty(Installation $whmcs, string $domain): array
{
    shop($whmcs, 'nasty', [], ['domain' => $domain]);

    return $whmcs->send('module_call', ['service_id' => 1, 'function' => 'CreateAccount', 'reason' => 'test']);
}

function scenarios(): array
{
    return [
        'an order is paid, created, and its welcome e-mail tells the vendor id' => static function (Installation $whmcs) {
            $order = shop($whmcs, 'goodhost', [], ['configurable_options' => ['space' => '20'], 'custom_fields' => ['site' => 'https://ann.example']]);
            same('15.00', number_format((float) $whmcs->value('SELECT amount FROM tblhosting'), 2), 'recurring amount');
            $whmcs->play('pay_invoice', ['invoice_id' => $order['invoice_id']]);
            same([['service_id' => 1, 'addon_id' => null, 'function' => 'CreateAccount', 'reason' => 'invoice 1 paid']], $whmcs->answer['due'], 'due');
            same(['InvoicePaidPreEmail', 'InvoicePaid', 'OrderPaid'], array_map(static function ($row) {
                return substr($row['description'], 14);
            }, $whmcs->rows("SELECT description FROM tblactivitylog WHERE description LIKE 'goodhost hook%' ORDER BY id")), 'hooks');
            same(['success' => true, 'message' => 'success', 'status' => 'Active'], $whmcs->makeDueCalls()[0], 'result');
            same('string', $whmcs->answer['calls'][0]['returned']['type'], 'what was returned');
            same([], $whmcs->answer['calls'][0]['warnings'], 'warnings');
            same('Pending', $whmcs->value('SELECT status FROM tblorders'), 'the order waits for acceptance');
            same('2026-02-01', $whmcs->value('SELECT nextduedate FROM tblhosting'), 'next due date');
            holds('Vendor Id: v-1', (string) $whmcs->value("SELECT message FROM tblemails WHERE subject LIKE 'Your%'"), 'welcome e-mail');
            $log = (string) $whmcs->value('SELECT request FROM tblmodulelog');
            same(false, strpos($log, 'secret & <token>'), 'the masked token');
            same('on', $whmcs->value("SELECT adminonly FROM tblcustomfields WHERE fieldname = 'Plan Seen'"), 'a field made by serviceProperties is for staff');
        },
        'the client area shows the module\'s template inside the product page' => static function (Installation $whmcs) {
            activate($whmcs, shop($whmcs, 'goodhost', [], ['custom_fields' => ['site' => '<b>site</b>']]));
            $html = $whmcs->play('client_area', ['service_id' => 1])['html'];
            holds('<p class="vendor-id">v-1</p>', $html, 'page');
            holds('<dt>Your site</dt><dd>&lt;b&gt;site&lt;/b&gt;</dd>', $html, 'custom field');
            same(false, strpos($html, 'Note'), 'a staff field');
            holds('>Reboot<', $html, 'button');
            holds('Help for ann.example', $html, 'sidebar made by a hook');
            same([], $whmcs->answer['warnings'], 'warnings');
            same('https://one.vendor.example:8443/sso', $whmcs->play('single_sign_on', ['service_id' => 1, 'as' => 'client'])['redirect_to'], 'single sign-on');
            same(true, $whmcs->play('custom_button', ['service_id' => 1, 'function' => 'reboot', 'as' => 'client'])['success'], 'button');
            same(false, $whmcs->play('custom_button', ['service_id' => 1, 'function' => 'TerminateAccount', 'as' => 'client'])['success'], 'a function that is no button');
            same(['Vendor id' => 'v-1'], $whmcs->play('admin_service_page', ['service_id' => 1])['fields'], 'staff fields');
        },
        'overdue suspends, payment unsuspends and renews, long overdue terminates' => static function (Installation $whmcs) {
            activate($whmcs, shop($whmcs, 'goodhost'));
            $whmcs->play('advance_clock', ['days' => 20]);
            $invoice = $whmcs->play('run_daily_cron')['invoices_created'][0];
            same([], $whmcs->play('run_daily_cron')['invoices_created'], 'one invoice for one cycle');
            $whmcs->play('advance_clock', ['days' => 16]);
            $whmcs->play('run_daily_cron');
            same(['SuspendAccount'], $whmcs->dueFunctions(), 'due');
            $whmcs->makeDueCalls();
            same('Suspended', status($whmcs), 'status');
            same('Overdue on Payment', $whmcs->value('SELECT suspendreason FROM tblhosting'), 'reason');
            $whmcs->play('pay_invoice', ['invoice_id' => $invoice]);
            same(['UnsuspendAccount', 'Renew'], $whmcs->dueFunctions(), 'due');
            $whmcs->makeDueCalls();
            same('Active', status($whmcs), 'status');
            same('2026-03-01', $whmcs->value('SELECT nextduedate FROM tblhosting'), 'next due date');
            $whmcs->play('advance_clock', ['days' => 60]);
            $whmcs->play('run_daily_cron');
            $whmcs->makeDueCalls();
            $whmcs->play('advance_clock', ['days' => 1]);
            $whmcs->play('run_daily_cron');
            same(['TerminateAccount'], $whmcs->dueFunctions(), 'due');
            $whmcs->makeDueCalls();
            same('Terminated', status($whmcs), 'status');
            $whmcs->play('run_cron_hooks');
            holds('AfterCronJob', (string) $whmcs->value("SELECT description FROM tblactivitylog ORDER BY id DESC"), 'hook');
        },
        'a hook stops a suspension' => static function (Installation $whmcs) {
            activate($whmcs, shop($whmcs, 'goodhost', [], ['domain' => 'protected.example']));
            $result = $whmcs->play('module_call', ['service_id' => 1, 'function' => 'SuspendAccount', 'reason' => 'test']);
            same(['success' => false, 'message' => 'Function Aborted by Action Hook Code', 'status' => 'Active'], $result, 'result');
            same([], $whmcs->answer['calls'], 'calls');
        },
        'an upgrade is paid for and changes the package with the new options' => static function (Installation $whmcs) {
            $order = shop($whmcs, 'goodhost', [], ['custom_fields' => ['site' => 'https://ann.example']]);
            activate($whmcs, $order);
            $large = $whmcs->play('add_product', ['module' => 'goodhost', 'name' => 'Large', 'recurring_amount' => '40.00', 'options' => ['large'], 'custom_fields' => [['name' => 'site|Your site']], 'server_id' => $order['server_id']])['product_id'];
            $upgrade = $whmcs->play('upgrade', ['service_id' => 1, 'new_product_id' => $large]);
            same('30.0', number_format((float) $whmcs->value('SELECT amount FROM tblupgrades'), 1), 'price of the whole cycle that is left');
            $whmcs->play('pay_invoice', ['invoice_id' => $upgrade['invoice_id']]);
            same(['ChangePackage'], $whmcs->dueFunctions(), 'due');
            $whmcs->makeDueCalls();
            same('large', $whmcs->value("SELECT value FROM tblcustomfieldsvalues v JOIN tblcustomfields f ON f.id = v.fieldid WHERE f.relid = $large AND fieldname = 'Plan Seen'"), 'plan seen by the module');
            same('Completed', $whmcs->value('SELECT status FROM tblupgrades'), 'upgrade');
            same('https://ann.example', $whmcs->value("SELECT value FROM tblcustomfieldsvalues v JOIN tblcustomfields f ON f.id = v.fieldid WHERE f.relid = $large AND fieldname = 'site|Your site'"), 'a field that both products have');
            holds('AfterProductUpgrade', (string) $whmcs->value('SELECT description FROM tblactivitylog ORDER BY id DESC'), 'hook');
            same(null, $whmcs->play('upgrade', ['service_id' => 1, 'new_product_id' => 1])['invoice_id'], 'a downgrade costs nothing');
            same(['ChangePackage'], $whmcs->dueFunctions(), 'due');
        },
        'a cancellation at the end of the period ends cancelled' => static function (Installation $whmcs) {
            activate($whmcs, shop($whmcs, 'goodhost'));
            $whmcs->play('request_cancellation', ['service_id' => 1, 'type' => 'End of Billing Period', 'reason' => 'moving']);
            $whmcs->play('run_daily_cron');
            same([], $whmcs->dueFunctions(), 'too early');
            $whmcs->play('advance_clock', ['days' => 31]);
            same([], $whmcs->play('run_daily_cron')['invoices_created'], 'no further invoice');
            same(['TerminateAccount'], $whmcs->dueFunctions(), 'due');
            $result = $whmcs->makeDueCalls()[0];
            same('Cancelled', $result['status'], 'status');
        },
        'a product addon has a life of its own' => static function (Installation $whmcs) {
            $first = shop($whmcs, 'goodhost');
            activate($whmcs, $first);
            $addon = $whmcs->play('add_product_addon', ['name' => 'Extra', 'module' => 'goodhost', 'autosetup' => 'payment', 'recurring_amount' => '3.00', 'options' => ['large'], 'server_id' => $first['server_id'], 'for_products' => [1], 'welcome_email' => true])['addon_id'];
            $order = $whmcs->play('place_order', ['client_id' => $first['client_id'], 'items' => [['product_id' => 1, 'domain' => 'two.example', 'addons' => [$addon]]]]);
            same(2, count($whmcs->rows("SELECT * FROM tblinvoiceitems WHERE invoiceid = {$order['invoice_id']}")), 'items');
            $whmcs->play('pay_invoice', ['invoice_id' => $order['invoice_id']]);
            same([null, 1], array_column($whmcs->answer['due'], 'addon_id'), 'due');
            $whmcs->makeDueCalls();
            same('Active', $whmcs->value('SELECT status FROM tblhostingaddons'), 'addon');
            same('large', $whmcs->value("SELECT value FROM tblcustomfieldsvalues v JOIN tblcustomfields f ON f.id = v.fieldid WHERE f.type = 'addon' AND fieldname = 'Plan Seen'"), 'the addon\'s own options');
            $whmcs->play('request_cancellation', ['service_id' => 2, 'type' => 'Immediate']);
            $whmcs->play('run_daily_cron');
            same([1, null], array_column($whmcs->answer['due'], 'addon_id'), 'the addon goes first');
            $whmcs->makeDueCalls();
            same('Cancelled', $whmcs->value('SELECT status FROM tblhostingaddons'), 'addon');
        },
        'a failed creation waits in the module queue until it succeeds' => static function (Installation $whmcs) {
            $order = shop($whmcs, 'goodhost', ['options' => ['broken']]);
            $whmcs->play('pay_invoice', ['invoice_id' => $order['invoice_id']]);
            $whmcs->makeDueCalls();
            $whmcs->play('retry_queue');
            $whmcs->makeDueCalls();
            same([['id' => 1, 'service_id' => 1, 'addon_id' => null, 'module' => 'goodhost', 'action' => 'CreateAccount', 'attempts' => 2, 'last_error' => 'the plan "broken" is not for sale']], $whmcs->play('module_queue')['entries'], 'queue');
            same('Pending', status($whmcs), 'status');
            same('0', (string) $whmcs->value("SELECT count(*) FROM tblemails WHERE subject LIKE 'Your%'"), 'no welcome');
            $whmcs->play('save_product_options', ['product_id' => 1, 'options' => ['configoption1' => 'small']]);
            $whmcs->play('retry_queue');
            $whmcs->makeDueCalls();
            same([], $whmcs->play('module_queue')['entries'], 'queue');
            same('Active', status($whmcs), 'status');
        },
        'a new password is stored once the module took it' => static function (Installation $whmcs) {
            activate($whmcs, shop($whmcs, 'goodhost'));
            foreach (['short' => false, 'l0ng & "new" password' => true] as $password => $accepted) {
                $owed = $whmcs->play('change_password', ['service_id' => 1, 'password' => $password]);
                same($accepted, $whmcs->play('module_call', $owed + $whmcs->answer['due'][0])['success'], "password $password");
            }
            same('l0ng & "new" password', $whmcs->play('local_api', ['command' => 'GetClientsProducts', 'values' => ['serviceid' => 1]])['products']['product'][0]['password'], 'stored');
        },
        'the product form asks loaders, the server form tests with the server keys alone' => static function (Installation $whmcs) {
            shop($whmcs, 'goodhost');
            $fields = $whmcs->play('product_form', ['module' => 'goodhost', 'product_id' => 1])['fields'];
            same(['configoption1', 'Plan', ['small' => 'Small on one.vendor.example', 'large' => 'Large on one.vendor.example']], [$fields[0]['key'], $fields[0]['name'], $fields[0]['choices']], 'loader');
            same(['eu' => 'eu', 'us' => 'us'], $fields[2]['choices'], 'comma list');
            same(['success' => true, 'error' => 'the token was refused'], $whmcs->play('test_connection', ['server_id' => 1]), 'connection');
            same(7.5, $whmcs->play('metrics', ['server_id' => 1])['usage']['one'][0]['value'], 'metrics');
            same('one', $whmcs->play('list_accounts', ['server_id' => 1])['accounts'][0]['username'], 'accounts');
            same(12, $whmcs->play('usage_update', ['server_id' => 1])['changed'][0]['diskusage'], 'usage');
            holds('CreateAccount', implode(' ', $whmcs->play('module_function_names', ['module' => 'goodhost'])['functions']), 'functions');
        },
        'hooks run by priority' => static function (Installation $whmcs) {
            shop($whmcs, 'goodhost');
            file_put_contents("{$whmcs->folder}/whmcs/includes/hooks/mine.php", '<?php add_hook("GoodhostOrder", 5, function () { return "middle"; });');
            same(['early', 'middle', 'late'], $whmcs->play('run_hook', ['name' => 'GoodhostOrder', 'vars' => []])['results'], 'order');
        },
        'orders through the API wait for acceptance' => static function (Installation $whmcs) {
            $first = shop($whmcs, 'goodhost');
            $answer = $whmcs->play('local_api', ['command' => 'AddOrder', 'values' => ['clientid' => $first['client_id'], 'pid' => [1], 'domain' => ['api.example'], 'paymentmethod' => 'mailin', 'customfields' => [base64_encode(serialize(['3' => 'x']))]]]);
            same(['success', '2'], [$answer['result'], $answer['serviceids']], 'answer');
            $whmcs->play('local_api', ['command' => 'AcceptOrder', 'values' => ['orderid' => $answer['orderid'], 'autosetup' => true]]);
            same(['CreateAccount'], $whmcs->dueFunctions(), 'due');
            same('success', $whmcs->play('local_api', ['command' => 'ModuleCreate', 'values' => ['accountid' => 2]])['result'], 'ModuleCreate runs at once');
            same('Command Not Found', $whmcs->send('local_api', ['command' => 'Nope'])['result']['message'] ?? 'Command Not Found', 'unknown');
            same('missing_in_emulator', $whmcs->answer['error']['kind'], 'unknown command');
        },
        'the API bills, credits, answers tickets and tells of staff and servers' => static function (Installation $whmcs) {
            $first = shop($whmcs, 'goodhost');
            $ask = static function (string $command, array $values = []) use ($whmcs): array {
                $answer = $whmcs->play('local_api', ['command' => $command, 'values' => $values]);
                same('success', $answer['result'], $command . ' ' . json_encode($answer));
                return $answer;
            };
            $invoice = $ask('CreateInvoice', ['userid' => $first['client_id'], 'itemdescription1' => 'Advice', 'itemamount1' => '12.5'])['invoiceid'];
            same('12.50', $ask('GetInvoices', ['userid' => $first['client_id']])['invoices']['invoice'][1]['total'], 'total');
            $ask('UpdateInvoice', ['invoiceid' => $invoice, 'status' => 'Paid']);
            same('Paid', $whmcs->value("SELECT status FROM tblinvoices WHERE id = $invoice"), 'invoice');
            same('5.00', $ask('AddCredit', ['clientid' => $first['client_id'], 'description' => 'sorry', 'amount' => '5'])['newbalance'], 'credit');
            same([['module' => 'mailin', 'displayname' => 'Mail In Payment']], $ask('GetPaymentMethods')['paymentmethods']['paymentmethod'], 'payment methods');
            same('Ada Admin', $ask('GetAdminDetails')['name'], 'admin');
            same('goodhost', $ask('GetServers')['servers'][0]['module'], 'servers');
            same([['id' => 1, 'isOwner' => true]], $ask('GetUsers', ['search' => 'ann'])['users'][0]['clients'], 'users');
            $ticket = $ask('OpenTicket', ['clientid' => $first['client_id'], 'deptid' => 1, 'subject' => 'Help', 'message' => 'Please'])['id'];
            $ask('AddTicketReply', ['ticketid' => $ticket, 'message' => 'Done', 'adminusername' => 'admin']);
            same('Answered', $whmcs->value('SELECT status FROM tbltickets'), 'ticket');
            same('error', $whmcs->play('local_api', ['command' => 'AddCredit', 'values' => ['clientid' => 99, 'amount' => 1]])['result'], 'no such client');
        },
        'an old module works with its own table and Smarty 2' => static function (Installation $whmcs) {
            activate($whmcs, shop($whmcs, 'oldstyle'));
            same([], $whmcs->answer['calls'][0]['warnings'], 'warnings');
            same('old1', $whmcs->value('SELECT username FROM tblhosting'), 'username');
            same('2026-02-01 2025-12-31 09:00:00 10.00', $whmcs->value("SELECT value FROM tblcustomfieldsvalues v JOIN tblcustomfields f ON f.id = v.fieldid WHERE fieldname = 'Note'"), 'dates');
            $html = $whmcs->play('client_area', ['service_id' => 1])['html'];
            holds('<li>2. B: 2 &amp; three</li>', $html, 'loop');
            holds('nothing Status 3 2 1 {"a":"one","b":"two & three"} a... x<br />', $html, 'modifiers');
        },
        'exceptions, output, warnings and odd values are recorded as they are' => static function (Installation $whmcs) {
            $answer = nasty($whmcs, 'throws.example');
            same(['the vendor said no', 'Pending'], [$answer['result']['message'], $answer['result']['status']], 'throws');
            same('DomainException', $answer['calls'][0]['threw']['class'], 'throws');
            $whmcs->remove();
            $whmcs->__construct();
            $answer = nasty($whmcs, 'prints.example');
            same('debug: here', $answer['calls'][0]['output'], 'output');
            same(['E_WARNING', 'Undefined variable $undefined', 'modules/servers/nasty/nasty.php', 12, 1], array_values($answer['calls'][0]['warnings'][0]), 'warning');
            $whmcs->remove();
            $whmcs->__construct();
            $answer = nasty($whmcs, 'null.example');
            same(['NULL', false], [$answer['calls'][0]['returned']['type'], $answer['result']['success']], 'null');
            $whmcs->remove();
            $whmcs->__construct();
            $answer = nasty($whmcs, 'array.example');
            same(['array', 'Pending'], [$answer['calls'][0]['returned']['type'], $answer['result']['status']], 'array');
        },
        'exit and fatal errors still end in an answer' => static function (Installation $whmcs) {
            $answer = nasty($whmcs, 'exits.example');
            same([true, 'bye', false, 'Pending'], [$answer['calls'][0]['exited'], $answer['calls'][0]['output'], $answer['result']['success'], $answer['result']['status']], 'exit');
            same('<b>exited page</b>', $whmcs->play('client_area', ['service_id' => 1])['html'], 'exit in ClientArea');
            same(true, $whmcs->answer['calls'][0]['exited'], 'exit in ClientArea');
            foreach (['fatal.example', 'buffers.example'] as $domain) {
                $whmcs->remove();
                $whmcs->__construct();
                $answer = nasty($whmcs, $domain);
                same(true, $answer['ok'], $domain);
            }
        },
        'a column that WHMCS does not have is refused in MySQL\'s words, and named' => static function (Installation $whmcs) {
            foreach (['missing-column.example' => 48, 'missing-condition.example' => 54] as $domain => $line) {
                $whmcs->remove();
                $whmcs->__construct();
                $answer = nasty($whmcs, $domain);
                same([true, true], [$answer['ok'], $answer['result']['success']], "$domain: the module caught it, as it would in WHMCS");
                same([['kind' => 'column', 'name' => 'tblhosting.vendor_id', 'file' => 'modules/servers/nasty/nasty.php', 'line' => $line, 'times' => 1]], $answer['calls'][0]['missing'], $domain);
            }
        },
        'what the emulator lacks is named, though the module hides it' => static function (Installation $whmcs) {
            $names = [
                'missing-function.example' => 'function getPricingInfo', 'unknown-function.example' => 'function whmcsInternalThing', 'missing-class.example' => 'class WHMCS\Not\Here',
                'missing-api.example' => 'local API command GetUnicorns', 'missing-table.example' => 'table tblunicorns',
            ];
            foreach ($names as $domain => $what) {
                $whmcs->remove();
                $whmcs->__construct();
                $answer = nasty($whmcs, $domain);
                same([false, 'missing_in_emulator'], [$answer['ok'], $answer['error']['kind'] ?? null], $domain);
                holds($what, $answer['error']['message'], $domain);
                holds('nasty.php', $answer['error']['where'], $domain);
                same(false, strpos($answer['error']['message'], 'Needed'), 'asking whether a class exists is no need of it');
            }
        },
    ];
}
