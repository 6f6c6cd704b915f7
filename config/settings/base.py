"""Settings of the program in service. Everything that varies comes from `config.env`."""

from csp.constants import NONCE, NONE, SELF

from config import env

ROOT = env.ROOT
VAR = env.read("MAILLAGE_VAR").resolve()
DEMO = env.read("MAILLAGE_DEMO")
DEBUG = env.read("MAILLAGE_DEBUG")
HTTPS = env.read("MAILLAGE_HTTPS")
SCANNER = env.read("MAILLAGE_SCANNER")
PORT = env.read("MAILLAGE_PORT")
SECRET_KEY = env.secret_key(VAR)
# Whether it came from the environment: one kept in the data folder goes into the backups with the data it protects.
SECRET_KEY_GIVEN = bool(env.read("MAILLAGE_SECRET_KEY"))
PORT = env.read("MAILLAGE_PORT")
BIND = env.read("MAILLAGE_BIND")
WEB_PROCESSES = env.read("MAILLAGE_WEB_PROCESSES")
WEB_THREADS = env.read("MAILLAGE_WEB_THREADS")
METRICS_TOKEN = env.read("MAILLAGE_METRICS_TOKEN")

# Host names are checked against the networks' own by networks.middleware; Django only needs to let them through to it.
ALLOWED_HOSTS = ["*"]
EXTRA_HOSTS = env.read("MAILLAGE_HOSTS")

INSTALLED_APPS = [
    "maillage.portal",
    "maillage.api",
    "maillage.observatory",
    "maillage.communities",
    "maillage.newsletters",
    "maillage.radio",
    "maillage.loans",
    "maillage.tours",
    "maillage.attendance",
    "maillage.publications",
    "maillage.agenda",
    "maillage.catalogue",
    "maillage.outreach",
    "maillage.directory",
    "maillage.moderation",
    "maillage.sharing",
    "maillage.search",
    "maillage.exchange",
    "maillage.linkage",
    "maillage.activity",
    "maillage.accounts",
    "maillage.networks",
    "maillage.territories",
    "maillage.topics",
    "maillage.core",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton",
    "corsheaders",
    "django_htmx",
    "django_prose_editor",
    "ninja",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "maillage.networks.middleware.CurrentNetwork",
    "maillage.networks.middleware.PageCache",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "maillage.core.middleware.NoNul",
    "maillage.core.middleware.PageMethods",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "maillage.accounts.middleware.CurrentViewer",
]

ROOT_URLCONF = "config.urls"
FORM_RENDERER = "maillage.core.forms.FormRenderer"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "maillage.core.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "maillage.core.templatetags.core"],
        },
    }
]

DATABASES = {"default": env.database(env.read("DATABASE_URL"), VAR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if env.read("MAILLAGE_CACHE_URL"):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": env.read("MAILLAGE_CACHE_URL"),
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "core_cache",
            "OPTIONS": {"MAX_ENTRIES": 50_000},  # Beyond, some go, and what counts who asks too much is among them.
        }
    }
# Rendered public pages: per process, because their key carries the content version read from the database.
CACHES["pages"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "pages",
    "TIMEOUT": 3600,
    "OPTIONS": {"MAX_ENTRIES": 500},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3600

# Sign-in (allauth): by e-mailed code, password or passkey; see maillage.accounts.backends.
ACCOUNT_ADAPTER = "maillage.accounts.backends.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "maillage.accounts.forms.SignupForm"
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "site_personnel"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 900
ACCOUNT_EMAIL_VERIFICATION_MAX_RESEND_COUNT = 3
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_LOGIN_BY_CODE_MAX_RESEND_COUNT = 3
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = True
# Failures slow down after 5 and wait 15 minutes after 10, by account and by address (/64 in IPv6); never for ever, and
# never for the other ways in.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "5/m/key,10/15m/key,5/m/ip,10/15m/ip",
    "request_login_code": "20/15m/ip,3/m/key,10/h/key",
    "signup": "20/15m/ip",
    "reset_password": "20/15m/ip,3/m/key,10/h/key",
    "reset_password_from_key": "10/15m/ip",
    "reauthenticate": "5/m/user,10/15m/user",
    "change_password": "5/m/user",
    "manage_email": "10/15m/user",
}
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 64
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.read("MAILLAGE_TRUST_PROXY") else 0
MFA_ADAPTER = "maillage.accounts.backends.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "maillage.accounts.forms.PasskeyForm",
    "edit_webauthn": "maillage.accounts.forms.PasskeyNameForm",
}
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]  # A language is added with its catalogue.
LOCALE_PATHS = [ROOT / "maillage" / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = env.read("MAILLAGE_STATIC") or VAR / "static"
MEDIA_ROOT = VAR / "files"
MEDIA_URL = "/fichiers/"  # Answered by core.images.serve: pictures only.
STORAGES = {
    "default": {"BACKEND": "maillage.core.storage.WholeFiles"},
    "staticfiles": {"BACKEND": "maillage.core.storage.HashedStorage"},
}
# True where Django serves the sources themselves (work on the code, tests).
STATIC_SERVED_FROM_SOURCES = False
# `run.py` collects into STATIC_ROOT when the code changes; only the image build compresses (it is slow).
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+\.[0-9a-f]{12}\..+$"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

for _name, _value in env.mail(env.read("MAILLAGE_MAIL_URL"), VAR).items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = env.read("MAILLAGE_MAIL_FROM")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

TILES_URL = env.read("MAILLAGE_TILES_URL")
TILES_CREDIT = env.read("MAILLAGE_TILES_CREDIT")

# --- security ---------------------------------------------------------------------------------------------------------
_tiles_origin = ["/".join(TILES_URL.split("/")[:3]).replace("{s}", "*")] if TILES_URL else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *_tiles_origin],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {
    "accelerometer": [],
    "autoplay": [],
    "camera": ["self"],
    "display-capture": [],
    "geolocation": ["self"],
    "gyroscope": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "usb": [],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "maillage.core.views.csrf_failure"
if env.read("MAILLAGE_TRUST_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUST_PROXY = env.read("MAILLAGE_TRUST_PROXY")

# Requests to the API: for an address, for a token.
API_RATES = ("120/m", "1200/m")
NINJA_NUM_PROXIES = 1 if TRUST_PROXY else 0
# The API is open to every site for reading, without cookies.
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_EXPOSE_HEADERS = ["ETag", "Retry-After"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "maillage.core.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.read("MAILLAGE_LOG_LEVEL")},
    "loggers": {"django.security.DisallowedHost": {"handlers": [], "propagate": False}},
}
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # frame-ancestors of the content policy says who may frame a page (widgets may, by allowed hosts)
    "security.W021",  # entering the browsers' preload list is the choice of whoever owns the domain
]
