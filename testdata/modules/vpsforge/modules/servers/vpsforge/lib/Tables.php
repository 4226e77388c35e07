<?php

namespace WHMCS\Module\Server\Vpsforge;

use WHMCS\Database\Capsule;

/** The module's own tables, made when they are first needed. */
final class Tables
{
    public static function ensure()
    {
        if (!Capsule::schema()->hasTable('mod_vpsforge_servers')) {
            Capsule::schema()->create('mod_vpsforge_servers', function ($table) {
                $table->increments('id');
                $table->unsignedInteger('service_id')->unique();
                $table->string('forge_id', 64);
                $table->string('ipv4', 64)->nullable();
                $table->timestamps();
            });
        }
        if (!Capsule::schema()->hasTable('mod_vpsforge_volumes')) {
            Capsule::schema()->create('mod_vpsforge_volumes', function ($table) {
                $table->increments('id');
                $table->unsignedInteger('server_id')->index();
                $table->string('forge_id', 64);
                $table->unsignedInteger('gigabytes');
                $table->timestamps();
            });
        }
    }
}
