<?php

use WHMCS\Database\Capsule;

require_once __DIR__ . '/StreamcastApi.php';

add_hook('ClientEdit', 1, function (array $vars) {
    logActivity('StreamCast: the client ' . (int) $vars['userid'] . ' was edited');
});

/** What the module does, by the name of the function that WHMCS calls. */
$GLOBALS['streamcast_actions'] = [
    'MetaData' => function () {
        return ['DisplayName' => 'StreamCast Radio', 'APIVersion' => '1.1', 'RequiresServer' => true];
    },
    'ConfigOptions' => function () {
        return [
            'listeners' => ['FriendlyName' => 'Listeners', 'Type' => 'text', 'Size' => '6', 'Default' => '100'],
            'bitrate' => ['FriendlyName' => 'Bitrate', 'Type' => 'dropdown', 'Options' => '64,128,320', 'Default' => '128'],
        ];
    },
    'TestConnection' => function (array $params) {
        $info = StreamcastApi::request($params, 'GET', '/info');

        return ['success' => isset($info['version']), 'error' => isset($info['version']) ? '' : StreamcastApi::reason($info)];
    },
    'CreateAccount' => function (array $params) {
        $name = 'station' . $params['serviceid'];
        $station = StreamcastApi::request($params, 'PUT', "/stations/$name", [
            'listeners' => (int) $params['configoption1'],
            'bitrate' => (int) $params['configoption2'],
            'owner' => $params['clientsdetails']['email'],
        ]);
        if (!isset($station['station'])) {
            return StreamcastApi::reason($station);
        }
        echo "<!-- streamcast: $name is on the air -->\n";
        $params['model']->serviceProperties->save(['Username' => $name, 'Mount' => $station['mount']]);

        return 'success';
    },
    'SuspendAccount' => function (array $params) {
        return StreamcastApi::state($params, 'off');
    },
    'UnsuspendAccount' => function (array $params) {
        return StreamcastApi::state($params, 'on');
    },
    'TerminateAccount' => function (array $params) {
        $answer = StreamcastApi::request($params, 'DELETE', '/stations/station' . $params['serviceid']);

        return isset($answer['removed']) || ($answer['status'] ?? 0) === 404 ? 'success' : StreamcastApi::reason($answer);
    },
    'ChangePassword' => function (array $params) {
        $answer = StreamcastApi::request($params, 'PATCH', '/stations/station' . $params['serviceid'], ['source_password' => $params['password']]);

        return isset($answer['station']) ? ['success' => true] : ['error' => StreamcastApi::reason($answer)];
    },
    'ChangePackage' => function (array $params) {
        $path = '/stations/station' . $params['serviceid'];
        $answer = StreamcastApi::request($params, 'PATCH', $path, ['listeners' => (int) $params['configoption1'], 'bitrate' => (int) $params['configoption2']]);
        if (!isset($answer['station'])) {
            return StreamcastApi::reason($answer);
        }
        // The encoder restarts.
        for ($try = 0; $try < 6; $try++) {
            sleep(1);
            $answer = StreamcastApi::request($params, 'GET', $path);
            if (($answer['encoder'] ?? '') === 'restarted') {
                break;
            }
        }

        return 'success';
    },
    'UsageUpdate' => function (array $params) {
        foreach (Capsule::table('tblhosting')->where('server', $params['serverid'])->where('domainstatus', 'Active')->get() as $hosting) {
            $station = StreamcastApi::request($params, 'GET', '/stations/station' . $hosting->id);
            if (isset($station['megabytes'])) {
                Capsule::table('tblhosting')->where('id', $hosting->id)->update(['bandwidth' => $station['megabytes'], 'lastupdate' => date('Y-m-d H:i:s')]);
            }
        }
    },
    'ClientArea' => function (array $params) {
        return [
            'templatefile' => 'player',
            'vars' => ['mount' => $params['model']->serviceProperties->get('Mount')],
        ];
    },
];

foreach (array_keys($GLOBALS['streamcast_actions']) as $action) {
    if (!function_exists("streamcast_$action")) {
        eval("function streamcast_$action(array \$params = []) { return call_user_func(\$GLOBALS['streamcast_actions']['$action'], \$params); }");
    }
}
