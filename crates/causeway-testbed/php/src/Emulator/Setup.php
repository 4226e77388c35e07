<?php

namespace Emulator;

use WHMCS\Config\Setting;

/** Makes a fresh installation: the schema and what WHMCS's installer would have put in. */
final class Setup
{
    public static function run(array $arguments): array
    {
        if (!Database::isSetUp()) {
            Database::createSchema();
            self::files(dirname(__DIR__, 2) . '/root', ROOTDIR);
            Database::table('emulator_clock')->insert(['now' => $arguments['now'] ?? Clock::START]);
            Database::showTime(Clock::now());
            self::settings();
            self::people();
            self::shop();
            self::emailTemplates();
        }
        Setting::setValue('SystemURL', rtrim((string) ($arguments['system_url'] ?? 'https://billing.example.com/'), '/') . '/');
        Setting::setValue('Version', (string) ($arguments['whmcs_version'] ?? '8.10.1-release.1'));
        // The theme of a new installation: Twenty-One came with 8.1, Nexus with 9.0.
        Setting::setValue('Template', Version::isAtLeast(9) ? 'nexus' : 'twenty-one');

        return [];
    }

    /** Those of WHMCS's own files that modules require, or that a browser opens. */
    private static function files(string $from, string $to): void
    {
        foreach (scandir($from) as $name) {
            if ($name === '.' || $name === '..') {
                continue;
            }
            if (is_dir("$from/$name")) {
                is_dir("$to/$name") || mkdir("$to/$name");
                self::files("$from/$name", "$to/$name");
            } else {
                // The emulator may lie anywhere; a file of WHMCS's folder finds it by this line.
                file_put_contents("$to/$name", str_replace('{{ emulator }}', dirname(__DIR__, 2), file_get_contents("$from/$name")));
            }
        }
    }

    private static function settings(): void
    {
        $settings = [
            'CompanyName' => 'Example Hosting', 'Email' => 'billing@example.com', 'Domain' => 'https://www.example.com/', 'Language' => 'english',
            'Charset' => 'utf-8', 'DateFormat' => 'DD/MM/YYYY', 'Signature' => 'Example Hosting',
            'CreateInvoiceDaysBefore' => '14', 'AutoSuspension' => 'on', 'AutoSuspensionDays' => '5', 'AutoUnsuspend' => 'on',
            'AutoTermination' => 'on', 'AutoTerminationDays' => '30', 'AutoCancellationRequests' => 'on', 'CancelInvoiceOnCancellation' => 'on',
            'ModuleHooks' => '', 'AddonModulesHooks' => '', 'ActiveAddonModules' => '', 'ModuleDebugMode' => 'on', 'DefaultCountry' => 'US',
        ];
        foreach ($settings as $name => $value) {
            Setting::setValue($name, $value);
        }
    }

    private static function people(): void
    {
        Database::insert('tbladminroles', ['name' => 'Full Administrator']);
        Database::insert('tbladmins', [
            'uuid' => Secrets::uuid(), 'roleid' => 1, 'username' => 'admin', 'firstname' => 'Ada', 'lastname' => 'Admin', 'email' => 'admin@example.com',
        ]);
        Database::insert('tblticketdepartments', ['name' => 'Support', 'email' => 'support@example.com']);
    }

    private static function shop(): void
    {
        Database::insert('tblcurrencies', ['code' => 'USD', 'prefix' => '$', 'suffix' => ' USD', 'default' => 1]);
        Database::insert('tblcurrencies', ['code' => 'EUR', 'prefix' => '€', 'suffix' => ' EUR', 'rate' => 0.9]);
        Database::insert('tblpaymentgateways', ['gateway' => 'mailin', 'setting' => 'name', 'value' => 'Mail In Payment']);
        Database::insert('tblpaymentgateways', ['gateway' => 'mailin', 'setting' => 'visible', 'value' => 'on']);
        Database::insert('tblproductgroups', ['name' => 'Services', 'slug' => 'services']);
    }

    private static function emailTemplates(): void
    {
        $templates = [
            [Emails::WELCOME, 'product', 'Your {$service_product_name} is ready', "<p>Dear {\$client_name},</p>\n<p>{\$service_product_name} is set up{if \$service_domain} for {\$service_domain}{/if}.</p>\n"
                . "<p>Username: {\$service_username}<br />Password: {\$service_password}</p>\n{foreach from=\$service_custom_fields_by_name item=field}{if \$field.value}<p>{\$field.name}: {\$field.value}</p>\n{/if}{/foreach}{\$signature}"],
            ['Service Suspension Notification', 'product', 'Service suspended', '<p>Dear {$client_name}, {$service_product_name} was suspended: {$service_suspension_reason}</p>'],
            ['Service Unsuspension Notification', 'product', 'Service unsuspended', '<p>Dear {$client_name}, {$service_product_name} is active again.</p>'],
            ['Invoice Created', 'invoice', 'Invoice {$invoice_num}', '<p>Dear {$client_name}, invoice {$invoice_num} of {$invoice_total} is due on {$invoice_date_due}.</p>'],
            ['Order Confirmation', 'general', 'Order confirmation', '<p>Dear {$client_name}, thank you for your order {$order_number}.</p>'],
        ];
        foreach ($templates as [$name, $type, $subject, $message]) {
            Database::insert('tblemailtemplates', ['name' => $name, 'type' => $type, 'subject' => $subject, 'message' => $message]);
        }
    }
}
