<?php

namespace WHMCS\Module\Server\Vpsforge\Models;

use Illuminate\Database\Eloquent\Model;
use WHMCS\Service\Service;

class ForgeServer extends Model
{
    protected $table = 'mod_vpsforge_servers';
    protected $guarded = ['id'];

    public function service()
    {
        return $this->belongsTo(Service::class, 'service_id');
    }

    public function volumes()
    {
        return $this->hasMany(ForgeVolume::class, 'server_id');
    }

    public static function ofService($serviceId)
    {
        return static::where('service_id', $serviceId)->firstOrFail();
    }
}
