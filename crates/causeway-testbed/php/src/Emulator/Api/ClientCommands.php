<?php

namespace Emulator\Api;

use Emulator\Clients;
use Emulator\Clock;
use Emulator\CustomFields;
use Emulator\Database;
use Emulator\Hooks;
use Emulator\LocalApi;
use Emulator\UsageError;

final class ClientCommands
{
    public static function addClient(array $values): array
    {
        if (Database::table('tblclients')->where('email', $values['email'] ?? '')->exists()) {
            throw new UsageError('A user already exists with that email address');
        }
        $id = Clients::add(['password' => $values['password2'] ?? null] + array_diff_key($values, ['customfields' => 1]))['client_id'];
        CustomFields::saveAll('client', 0, $id, LocalApi::unpack($values['customfields'] ?? []));

        return ['clientid' => $id, 'owner_id' => Clients::details($id)['owner_user_id']];
    }

    public static function getClientsDetails(array $values): array
    {
        $id = $values['clientid'] ?? Database::table('tblclients')->where('email', $values['email'] ?? '')->value('id');
        if ($id === null || !Database::table('tblclients')->where('id', $id)->exists()) {
            throw new UsageError('Client Not Found');
        }
        $details = Clients::details((int) $id);
        $stats = empty($values['stats']) ? [] : ['stats' => [
            'productsnumactive' => Database::table('tblhosting')->where('userid', $id)->where('domainstatus', 'Active')->count(),
            'productsnumtotal' => Database::table('tblhosting')->where('userid', $id)->count(),
            'numdueinvoices' => Database::table('tblinvoices')->where('userid', $id)->where('status', 'Unpaid')->count(),
        ]];

        return $details + ['client' => $details] + $stats;
    }

    public static function getClients(array $values): array
    {
        $clients = Database::table('tblclients')->where(static function ($query) use ($values) {
            foreach (['firstname', 'lastname', 'companyname', 'email'] as $column) {
                $query->orWhere($column, 'like', '%' . ($values['search'] ?? '') . '%');
            }
        })->get(['id', 'firstname', 'lastname', 'companyname', 'email', 'datecreated', 'groupid', 'status']);
        $rows = [];
        foreach ($clients as $client) {
            $rows[] = (array) $client;
        }

        return ['totalresults' => count($rows), 'startnumber' => 0, 'numreturned' => count($rows), 'clients' => ['client' => $rows]];
    }

    public static function getContacts(array $values): array
    {
        $query = Database::table('tblcontacts');
        foreach (array_intersect_key($values, array_flip(['userid', 'firstname', 'lastname', 'companyname', 'email', 'city', 'state', 'postcode', 'country'])) as $column => $value) {
            $query->where($column, $value);
        }
        $contacts = array_map(static function ($row): array {
            return (array) $row;
        }, $query->get()->all());

        return ['totalresults' => count($contacts), 'startnumber' => 0, 'numreturned' => count($contacts), 'contacts' => ['contact' => $contacts]];
    }

    public static function getUsers(array $values): array
    {
        $search = (string) ($values['search'] ?? '');
        $users = [];
        foreach (Database::table('tblusers')->orderBy('id')->get() as $row) {
            if ($search !== '' && stripos($row->email, $search) !== 0 && stripos($row->first_name, $search) !== 0 && stripos($row->last_name, $search) !== 0) {
                continue;
            }
            $clients = [];
            foreach (Database::table('tblusers_clients')->where('auth_user_id', $row->id)->get() as $link) {
                $clients[] = ['id' => (int) $link->client_id, 'isOwner' => (int) $link->owner === 1];
            }
            $users[] = ['id' => (int) $row->id, 'firstname' => $row->first_name, 'lastname' => $row->last_name, 'email' => $row->email, 'datecreated' => $row->created_at, 'validationdata' => '', 'clients' => $clients];
        }

        return ['totalresults' => count($users), 'startnumber' => 0, 'numreturned' => count($users), 'users' => $users];
    }

    public static function createSsoToken(array $values): array
    {
        if (empty($values['client_id']) && empty($values['user_id'])) {
            throw new UsageError('A valid client_id or user_id is required');
        }
        if (!empty($values['client_id']) && !Database::table('tblclients')->where('id', (int) $values['client_id'])->exists()) {
            throw new UsageError('Invalid client_id');
        }
        $token = bin2hex(random_bytes(20));

        return ['access_token' => $token, 'redirect_url' => \WHMCS\Config\Setting::getValue('SystemURL') . "oauth/singlesignon.php?access_token=$token"];
    }

    public static function updateClient(array $values): array
    {
        $id = (int) ($values['clientid'] ?? 0);
        if (!Database::table('tblclients')->where('id', $id)->exists()) {
            throw new UsageError('Client ID Not Found');
        }
        $columns = ['firstname', 'lastname', 'companyname', 'email', 'address1', 'address2', 'city', 'state', 'postcode', 'country', 'phonenumber', 'tax_id', 'language', 'notes', 'status', 'currency'];
        Database::table('tblclients')->where('id', $id)->update(array_intersect_key($values, array_flip($columns)) + ['updated_at' => Clock::now()]);
        CustomFields::saveAll('client', 0, $id, LocalApi::unpack($values['customfields'] ?? []));
        Hooks::run('ClientEdit', ['userid' => $id, 'client_id' => $id] + $values);

        return ['clientid' => $id];
    }
}
