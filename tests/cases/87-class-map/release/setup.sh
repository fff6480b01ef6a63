set -eu
mkdir -p /srv/app/public; echo '<?php echo "hello";' > /srv/app/public/index.php
printf '%s\n' 'server {' '  listen 80 default_server;' '  root /srv/app/public;' '  index index.php;' '  location / { try_files $uri /index.php?$args; }' '  location ~ [.]php$ {' '    include fastcgi_params;' '    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;' '    fastcgi_pass unix:/run/php/php8.2-fpm.sock;' '  }' '}' > /etc/nginx/sites-enabled/default
mkdir -p /srv/app/var/cache /srv/app/storage/logs /srv/app/storage/framework/views /srv/app/app/Http /srv/app/vendor/composer
for n in $(seq 1 60); do echo "cache bb $n" > /srv/app/var/cache/bb$n.php; echo "<?php // view bb $n" > /srv/app/storage/framework/views/bbbb$n.php; done
echo "[2026-01-01] bb" > /srv/app/storage/logs/laravel.log; mkdir -p /var/log/shop; echo bb > /var/log/shop/app.log; echo bbbb > /etc/machine-id
mkdir -p /var/lib/php/sessions; echo x > /var/lib/php/sessions/sess_bb; echo bb > /tmp/bb.tmp
printf '%s\n' 'APP_ENV=production' 'APP_URL=https://shop.example' 'DB_HOST=db.internal' > /srv/app/.env
echo '<?php class Kernel {}' > /srv/app/app/Http/Kernel.php
echo '{"packages":[{"name":"acme/a","version":"1.0.0"}],"dev":false,"dev-package-names":[]}' > /srv/app/vendor/composer/installed.json
chown -R www-data: /srv/app/storage /srv/app/var
printf '%s\n' 'memory_limit = 256M' 'date.timezone = UTC' > /etc/php/8.2/fpm/conf.d/90-app.ini
printf '%s\n' '<?php' 'return array(' "    'App\\\\Http\\\\Kernel' => '/app/Http/Kernel.php'," ');' > /srv/app/vendor/composer/autoload_classmap.php
