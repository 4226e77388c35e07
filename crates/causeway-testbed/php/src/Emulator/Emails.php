<?php

namespace Emulator;

use WHMCS\Config\Setting;

/** E-mails: rendered from their templates into tblemails. */
final class Emails
{
    const WELCOME = 'Other Product/Service Welcome Email';

    /** @param bool|string $wanted false: none; true: WHMCS's own; a text: a template with that message */
    public static function templateFor($wanted, string $productName): int
    {
        if ($wanted === false || $wanted === null || $wanted === '') {
            return 0;
        }
        if (is_string($wanted)) {
            return Database::insert('tblemailtemplates', [
                'type' => 'product', 'name' => "$productName Welcome Email", 'subject' => 'Your {$service_product_name} is ready', 'message' => $wanted, 'custom' => 1,
            ]);
        }

        return (int) Database::table('tblemailtemplates')->where('name', self::WELCOME)->value('id');
    }

    public static function sendWelcome(Subject $subject): bool
    {
        $template = Database::table('tblemailtemplates')->where('id', (int) $subject->product->welcomeemail)->first();

        return $template !== null && self::render($template->name, $template->subject, $template->message, (int) $subject->service->userid, self::serviceFields($subject));
    }

    public static function sendTemplate(string $name, int $clientId, array $fields): bool
    {
        $template = Database::table('tblemailtemplates')->where('name', $name)->where('language', '')->first();

        return $template !== null && (int) $template->disabled === 0 && self::render($name, $template->subject, $template->message, $clientId, $fields);
    }

    /** False when a hook aborted the sending, or nothing was left to send. */
    public static function render(string $name, string $subject, string $message, int $clientId, array $fields): bool
    {
        $fields += self::clientFields($clientId) + self::companyFields();
        $relId = (int) ($fields['service_id'] ?? $fields['invoice_id'] ?? $clientId);
        foreach (Hooks::run('EmailPreSend', ['messagename' => $name, 'relid' => $relId, 'mergefields' => $fields]) as $answer) {
            if (is_array($answer)) {
                if (!empty($answer['abortsend'])) {
                    return false;
                }
                $fields = $answer + $fields;
            }
        }
        $text = Templates::renderText($message, $fields);
        if (trim($text) === '') {
            return false;
        }
        self::store($clientId, (string) ($fields['client_email'] ?? ''), Templates::renderText($subject, $fields), $text, $name, self::merged($subject . $message, $fields));

        return true;
    }

    /** The fields that a template names, with the values that it got; null for those that WHMCS does not have. */
    public static function merged(string $template, array $fields): array
    {
        $merged = [];
        preg_match_all('/\$([a-z]\w*)(?:\.(\w+))?/i', $template, $named, PREG_SET_ORDER);
        foreach ($named as $name) {
            $value = $fields[$name[1]] ?? null;
            if (isset($name[2]) && is_array($value)) {
                $merged["{$name[1]}.{$name[2]}"] = $value[$name[2]] ?? null;
            } else {
                $merged[$name[1]] = Recorder::describe($value);
            }
        }

        return $merged;
    }

    public static function store(int $clientId, string $to, string $subject, string $message, string $template = '', array $merged = []): void
    {
        Database::insert('tblemails', [
            'userid' => $clientId, 'subject' => $subject, 'message' => $message, 'date' => Clock::now(), 'to' => $to,
            'created_at' => Clock::now(), 'updated_at' => Clock::now(),
        ]);
        Recorder::note('emails', ['client_id' => $clientId, 'to' => $to, 'subject' => $subject, 'message' => $message, 'template' => $template, 'merged' => (object) $merged]);
    }

    private static function companyFields(): array
    {
        return [
            'company_name' => Setting::getValue('CompanyName'), 'companyname' => Setting::getValue('CompanyName'), 'company_domain' => Setting::getValue('Domain'),
            'whmcs_url' => Setting::getValue('SystemURL'), 'signature' => Setting::getValue('Signature'), 'date' => Clock::today(), 'time' => substr(Clock::now(), 11),
        ];
    }

    private static function clientFields(int $clientId): array
    {
        $client = Clients::details($clientId);
        $fields = ['client_id' => $clientId, 'client_name' => $client['fullname'], 'client_first_name' => $client['firstname'], 'client_last_name' => $client['lastname'], 'client_company_name' => $client['companyname']];
        foreach (['email', 'address1', 'address2', 'city', 'state', 'postcode', 'country', 'phonenumber', 'language', 'status'] as $name) {
            $fields["client_$name"] = $client[$name];
        }

        return $fields;
    }

    public static function serviceFields(Subject $subject): array
    {
        $service = $subject->service;
        $password = Secrets::decrypt((string) $service->password);
        $server = Database::table('tblservers')->where('id', $subject->row()->server)->first();
        $product = Database::row('tblproducts', (int) $service->packageid);
        $row = $subject->row();
        $fields = [
            'service_order_id' => $row->orderid, 'service_id' => $subject->serviceId(), 'service_reg_date' => $row->regdate,
            'service_product_name' => $subject->isAddon() ? $subject->productName() : $product->name, 'service_product_description' => $product->description,
            'service_domain' => $service->domain, 'service_username' => $service->username, 'service_password' => $password,
            'service_server_name' => $server === null ? '' : $server->name, 'service_server_hostname' => $server === null ? '' : $server->hostname,
            'service_server_ip' => $server === null ? '' : $server->ipaddress, 'service_dedicated_ip' => $service->dedicatedip, 'service_assigned_ips' => $service->assignedips,
            'service_ns1' => $service->ns1, 'service_ns2' => $service->ns2, 'service_payment_method' => $row->paymentmethod,
            'service_first_payment_amount' => $row->firstpaymentamount, 'service_recurring_amount' => $subject->recurringAmount(), 'service_billing_cycle' => $row->billingcycle,
            'service_next_due_date' => $row->nextduedate, 'service_status' => $subject->status(), 'service_suspension_reason' => $service->suspendreason,
            'service_custom_fields' => [], 'service_custom_fields_by_name' => [],
        ];
        if ($subject->isAddon()) {
            $fields += ['addon_id' => $subject->addonId(), 'addon_name' => $subject->productName(), 'addon_status' => $subject->status()];
        }
        foreach (CustomFields::of($subject->customFieldType(), (int) $subject->product->id) as $field) {
            $value = CustomFields::value((int) $field->id, $subject->ownId());
            $fields['service_custom_fields'][] = $value;
            $fields['service_custom_fields_by_name'][] = ['name' => CustomFields::label($field->fieldname), 'value' => $value];
            $plain = strtolower(preg_replace('/[^A-Za-z0-9]/', '', CustomFields::label($field->fieldname)));
            $fields["service_custom_field_$plain"] = $value;
        }
        foreach (ConfigurableOptions::forModule($subject) as $name => $value) {
            $fields['service_config_options'][] = ['name' => $name, 'value' => $value];
        }

        return $fields;
    }

    public static function invoiceFields(int $invoiceId): array
    {
        $invoice = Database::row('tblinvoices', $invoiceId);

        return [
            'invoice_id' => $invoiceId, 'invoice_num' => $invoice->invoicenum === '' ? $invoiceId : $invoice->invoicenum, 'invoice_date_created' => $invoice->date,
            'invoice_date_due' => $invoice->duedate, 'invoice_status' => $invoice->status, 'invoice_payment_method' => $invoice->paymentmethod,
            'invoice_total' => Money::display($invoice->total, Clients::currency((int) $invoice->userid)),
        ];
    }
}
