<?php

namespace Emulator;

/** Clients, each with the user that owns it. */
final class Clients
{
    const COUNTRIES = [
        'US' => ['United States', '1'], 'GB' => ['United Kingdom', '44'], 'DE' => ['Germany', '49'], 'NL' => ['Netherlands', '31'],
        'FR' => ['France', '33'], 'RO' => ['Romania', '40'], 'ES' => ['Spain', '34'], 'IT' => ['Italy', '39'], 'CA' => ['Canada', '1'], 'IN' => ['India', '91'],
    ];

    public static function add(array $arguments): array
    {
        $currency = $arguments['currency'] ?? 1;
        if (!is_numeric($currency)) {
            $code = (string) $currency;
            $currency = Database::table('tblcurrencies')->where('code', $code)->value('id');
            if ($currency === null) {
                throw new UsageError("there is no currency \"$code\"");
            }
        }
        $text = static function (string $name, string $default = '') use ($arguments): string {
            return Arguments::text($arguments, $name, $default);
        };
        $password = password_hash($text('password', Secrets::password()), PASSWORD_BCRYPT, ['cost' => 4]);
        $row = [
            'uuid' => Secrets::uuid(), 'currency' => (int) $currency, 'datecreated' => Clock::today(), 'password' => $password,
            'country' => $text('country', 'US'), 'created_at' => Clock::now(), 'updated_at' => Clock::now(),
        ];
        foreach (['firstname', 'lastname', 'companyname', 'email', 'address1', 'address2', 'city', 'state', 'postcode', 'phonenumber', 'tax_id', 'language', 'notes'] as $column) {
            $row[$column] = $text($column);
        }
        $id = Database::insert('tblclients', $row);
        $user = Database::table('tblusers')->where('email', $row['email'])->value('id') ?? Database::insert('tblusers', [
            'first_name' => $row['firstname'], 'last_name' => $row['lastname'], 'email' => $row['email'], 'password' => $password,
            'created_at' => Clock::now(), 'updated_at' => Clock::now(),
        ]);
        Database::insert('tblusers_clients', ['auth_user_id' => (int) $user, 'client_id' => $id, 'owner' => 1]);
        foreach ((array) ($arguments['custom_fields'] ?? []) as $name => $value) {
            $field = CustomFields::find('client', 0, (string) $name);
            $fieldId = $field === null ? CustomFields::create('client', 0, (string) $name, []) : (int) $field->id;
            CustomFields::save($fieldId, $id, (string) $value);
        }
        Hooks::run('ClientAdd', ['client_id' => $id, 'user_id' => (int) $user, 'userid' => $id] + array_diff_key($row, ['password' => 1]));

        return ['client_id' => $id];
    }

    /** A client as GetClientsDetails shows it, and as modules get it in $params['clientsdetails']. */
    public static function details(int $id): array
    {
        $client = Database::row('tblclients', $id);
        $owner = Database::table('tblusers')->join('tblusers_clients', 'tblusers_clients.auth_user_id', '=', 'tblusers.id')
            ->where('client_id', $id)->where('owner', 1)->first(['tblusers.id', 'first_name', 'last_name', 'email']);
        [$countryName, $callingCode] = self::COUNTRIES[$client->country] ?? [$client->country, ''];
        $details = [
            'client_id' => $id, 'owner_user_id' => $owner === null ? 0 : (int) $owner->id, 'userid' => $id, 'id' => $id, 'uuid' => $client->uuid,
            'firstname' => $client->firstname, 'lastname' => $client->lastname, 'fullname' => trim("{$client->firstname} {$client->lastname}"),
            'companyname' => $client->companyname, 'email' => $client->email, 'address1' => $client->address1, 'address2' => $client->address2,
            'city' => $client->city, 'fullstate' => $client->state, 'state' => $client->state, 'postcode' => $client->postcode,
            'countrycode' => $client->country, 'country' => $client->country, 'phonenumber' => $client->phonenumber, 'tax_id' => $client->tax_id,
            'email_preferences' => ['general' => '1', 'invoice' => '1', 'support' => '1', 'product' => '1', 'domain' => '1', 'affiliate' => '1'],
            'statecode' => $client->state, 'countryname' => $countryName, 'phonecc' => $callingCode,
            'phonenumberformatted' => self::phone($client->phonenumber, $callingCode), 'telephoneNumber' => self::phone($client->phonenumber, $callingCode),
            'billingcid' => (int) $client->billingcid, 'notes' => $client->notes, 'currency' => (int) $client->currency,
            'defaultgateway' => $client->defaultgateway, 'groupid' => (int) $client->groupid, 'status' => $client->status,
            'credit' => Money::of($client->credit), 'taxexempt' => (bool) $client->taxexempt, 'latefeeoveride' => (bool) $client->latefeeoveride,
            'overideduenotices' => (bool) $client->overideduenotices, 'separateinvoices' => (bool) $client->separateinvoices,
            'disableautocc' => (bool) $client->disableautocc, 'emailoptout' => (bool) $client->emailoptout,
            'marketing_emails_opt_in' => (bool) $client->marketing_emails_opt_in, 'overrideautoclose' => (bool) $client->overrideautoclose,
            'allowSingleSignOn' => (int) $client->allow_sso, 'email_verified' => (bool) $client->email_verified, 'language' => $client->language,
            'isOptedInToMarketingEmails' => (bool) $client->marketing_emails_opt_in, 'lastlogin' => 'No Login Logged',
            'currency_code' => self::currency($id)->code, 'customfields' => [],
        ];
        foreach (CustomFields::of('client', 0) as $position => $field) {
            $value = CustomFields::value((int) $field->id, $id);
            $details['customfields'][] = ['id' => (int) $field->id, 'value' => $value];
            $details['customfields' . ($position + 1)] = $value;
        }
        $details['users'] = ['user' => $owner === null ? [] : [[
            'id' => (int) $owner->id, 'name' => trim("{$owner->first_name} {$owner->last_name}"), 'email' => $owner->email, 'is_owner' => true,
        ]]];

        return $details;
    }

    public static function currency(int $clientId)
    {
        return Database::row('tblcurrencies', (int) Database::row('tblclients', $clientId)->currency);
    }

    private static function phone(string $number, string $callingCode): string
    {
        $digits = preg_replace('/[^0-9]/', '', $number);
        if ($digits === '') {
            return '';
        }

        return $number[0] === '+' || $callingCode === '' ? $number : "+$callingCode." . ltrim($digits, '0');
    }
}
