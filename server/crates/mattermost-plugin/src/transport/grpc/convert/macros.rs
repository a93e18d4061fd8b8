//! One declaration for both directions.

/// `message!(Model = Message { fields } renamed { field => other } through { field => other, module } lost { fields })`
///
/// Fields have the same name on both sides, except those under `renamed`. Those under `through` are
/// converted by `module::to_wire` and `module::from_wire`. Those under `lost` do not travel.
macro_rules! message {
    (
        $model:ident = $message:ident { $($field:ident),* $(,)? }
        $(renamed { $($own:ident => $other:ident),* $(,)? })?
        $(through { $($special:ident => $target:ident, $module:ident);* $(;)? })?
        $(lost { $($lost:ident),* $(,)? })?
    ) => {
        impl $crate::transport::grpc::convert::Wire<$crate::transport::grpc::messages::api::$message>
            for $crate::model::$model
        {
            fn to_wire(self) -> $crate::transport::grpc::messages::api::$message {
                #[allow(unused_imports, reason = "some messages have no plain field")]
                use $crate::transport::grpc::convert::Wire as _;
                let Self { $($field,)* $($($own,)*)? $($($special,)*)? $($($lost,)*)? } = self;
                $($($crate::transport::grpc::convert::lost(stringify!($model), stringify!($lost), &$lost);)*)?
                $crate::transport::grpc::messages::api::$message {
                    $($field: $field.to_wire(),)*
                    $($($other: $own.to_wire(),)*)?
                    $($($target: $module::to_wire($special),)*)?
                }
            }

            fn from_wire(wire: $crate::transport::grpc::messages::api::$message) -> Self {
                #[allow(unused_imports, reason = "some messages have no plain field")]
                use $crate::transport::grpc::convert::Wire;
                Self {
                    $($field: Wire::from_wire(wire.$field),)*
                    $($($own: Wire::from_wire(wire.$other),)*)?
                    $($($special: $module::from_wire(wire.$target),)*)?
                    $($($lost: Default::default(),)*)?
                }
            }
        }
        $crate::transport::grpc::convert::macros::optional!($model = $message);
    };
}

/// A message inside another one is optional; so is a pointer in Go, which the model has as a value.
macro_rules! optional {
    ($model:ident = $message:ident) => {
        impl
            $crate::transport::grpc::convert::Wire<
                Option<$crate::transport::grpc::messages::api::$message>,
            > for $crate::model::$model
        {
            fn to_wire(self) -> Option<$crate::transport::grpc::messages::api::$message> {
                Some($crate::transport::grpc::convert::Wire::to_wire(self))
            }

            fn from_wire(wire: Option<$crate::transport::grpc::messages::api::$message>) -> Self {
                Self::present(wire).unwrap_or_default()
            }

            fn present(
                wire: Option<$crate::transport::grpc::messages::api::$message>,
            ) -> Option<Self> {
                wire.map($crate::transport::grpc::convert::Wire::from_wire)
            }
        }
    };
}

pub(super) use {message, optional};
