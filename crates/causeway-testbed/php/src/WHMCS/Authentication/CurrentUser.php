<?php

namespace WHMCS\Authentication;

use WHMCS\User\Admin;
use WHMCS\User\Client;

/** Who is looking at the page. */
class CurrentUser
{
    public function client()
    {
        return empty($_SESSION['uid']) ? null : Client::find($_SESSION['uid']);
    }

    public function user()
    {
        $client = $this->client();

        return $client === null ? null : $client->owner();
    }

    public function admin()
    {
        return empty($_SESSION['adminid']) ? null : Admin::find($_SESSION['adminid']);
    }

    public function isAuthenticatedUser()
    {
        return $this->user() !== null;
    }

    public function isAuthenticatedAdmin()
    {
        return $this->admin() !== null;
    }

    public function isMasqueradingAdmin()
    {
        return false;
    }
}
